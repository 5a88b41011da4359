#include "plugins/databases/mysql/sink.hpp"

#include <algorithm>

#include "plugins/databases/mysql/replace.hpp"
#include "plugins/databases/mysql/shape.hpp"

namespace chunkmill::mysql {
namespace {

constexpr size_t kMostColumns = 1017;  // of InnoDB

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& other) {
    return sql::equal_ignoring_case(other, name);
  });
}

// True if no row can be found by `key` that is not found by the target's own key too.
bool is_harmless(const Index& key, const sql::Target& target,
                 const std::vector<TableColumn>& columns) {
  const std::vector<std::string> own = target.names(target.key);
  if (std::all_of(own.begin(), own.end(),
                  [&](const std::string& name) { return holds(key.columns, name); }))
    return true;
  // A number that the server counts up by itself is a new one each time.
  return std::any_of(columns.begin(), columns.end(), [&](const TableColumn& column) {
    return column.counts_up && holds(key.columns, column.name) &&
           !holds(target.column_names(), column.name);
  });
}

// What the server would refuse in the middle of attach(), or keep as another name.
void check_name(const std::string& what, const std::string& name, const std::string& table) {
  const auto refuse = [&](const std::string& why) {
    throw Error(CM_INVALID, what + " \"" + name + "\": " + why).at(table);
  };
  if (name.ends_with(' ')) refuse("MariaDB takes no name that ends with a space");
  // The first byte of four.
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0xF0; }))
    refuse("MariaDB takes no characters beyond U+FFFF in names");
}

}  // namespace

SinkAbilities MysqlSink::bind(const std::vector<SinkStream>& streams) {
  const SinkAbilities abilities = SharedSqlSink::bind(streams);
  for (const sql::Target& target : targets()) {
    mysql::check_name("table", target.table, target.table);
    if (target.fields.size() > kMostColumns)
      throw Error(CM_INVALID, "table \"" + target.table + "\" would have " +
                                  std::to_string(target.fields.size()) +
                                  " columns; InnoDB takes at most " + std::to_string(kMostColumns) +
                                  ": choose some with `columns`")
          .at(target.table);
    for (const std::string& column : target.column_names())
      mysql::check_name("column", column, target.table);
  }
  return abilities;
}

void MysqlSink::configure(Options& opt) {
  connection_.configure(opt);
  configure_tables(opt);
  configure_sharing(opt);
  opt.choice(
      "write_with", write_with_,
      {{"auto", WriteWith::kAuto}, {"arrays", WriteWith::kArrays}, {"values", WriteWith::kValues}},
      "how rows are sent. arrays: many sets of parameters for one statement; values: "
      "statements with many rows; auto: arrays where the server can");
}

SinkAbilities MysqlSink::abilities() const {
  constexpr uint32_t kAnyNumber = 0;
  return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_UPSERT | CM_SINK_ATOMIC_WRITE,
          kAnyNumber, 0};
}

std::string MysqlSink::place() const { return connection_.endpoint().text(); }

std::unique_ptr<sql::Connection> MysqlSink::connect(Access access) {
  return std::make_unique<Connection>(connection_.endpoint(), access, interrupts_);
}

std::optional<sql::ExistingTable> MysqlSink::read_shape(sql::Connection& db,
                                                        const std::string& table) {
  std::optional<sql::ExistingTable> shape = mysql::read_shape(db, table);
  if (!shape) {
    check_missing(table);
    return shape;
  }
  for (const sql::Target& target : targets()) {
    if (target.table != table) continue;
    if (target.mode == sql::Mode::kUpsert) check_other_keys(db, target);
    if (target.mode == sql::Mode::kReplace) check_replaceable(db, table);
  }
  return shape;
}

void MysqlSink::check_missing(const std::string& table) const {
  const size_t dot = table.find('.');
  for (const sql::Target& target : targets())
    if (target.table == table && dot != std::string::npos)
      throw Error(CM_INVALID, "table \"" + table +
                                  "\" is not there; for a table of another database write "
                                  "`database: " +
                                  table.substr(0, dot) +
                                  "` (or give it in `url`) "
                                  "and `table: " +
                                  table.substr(dot + 1) +
                                  "`. A table whose name has a dot in it is not made; make it "
                                  "yourself")
          .at("table");
}

void MysqlSink::check_other_keys(sql::Connection& db, const sql::Target& target) const {
  const std::vector<TableColumn> columns =
      read_columns(db, target.table).value_or(std::vector<TableColumn>());
  for (const Index& key : read_indexes(db, target.table))
    if (key.is_unique && !is_harmless(key, target, columns))
      throw Error(CM_INVALID,
                  "table \"" + target.table + "\" has a unique key beside `key`, " + key.name +
                      " (" + dialect_.quote_list(key.columns) +
                      "): an upsert would update the row that has the same values there, whatever "
                      "its key is; drop it, make it part of `key`, or write with `mode: insert`")
          .at(target.table);
}

void MysqlSink::check() {
  SharedSqlSink::check();
  const std::unique_ptr<sql::Connection> db = connect(Access::kLook);
  for (const sql::Target& target : targets())
    if (target.mode == sql::Mode::kReplace && mysql::read_columns(*db, target.table) &&
        !shows_triggers(*db, target.table))
      host().warn("table \"" + target.table +
                  "\": the server does not show its triggers to this user, and `mode: replace` "
                  "would drop them with the old rows; GRANT TRIGGER on the table to see them, or "
                  "make sure that there are none");
}

// The server looks at rights when a statement is prepared.
void MysqlSink::check_rights(sql::Connection& db, const sql::Target& target) const {
  if (target.mode == sql::Mode::kReplace) return;
  auto& ours = static_cast<Connection&>(db);
  Statement statement(ours.get());
  if (!statement.prepare(insert_head(target, target.table, dialect_) + insert_row(target) +
                         on_duplicate_key(target, dialect_)))
    ours.fail(Fault::of(statement.get()), "table \"" + target.table + "\"", target.table);
}

std::unique_ptr<sql::TableWriter> MysqlSink::make_writer(sql::Connection& db,
                                                         const sql::Target& target, size_t) {
  return std::make_unique<TableWriter>(static_cast<Connection&>(db), target, dialect_, write_with_);
}

void MysqlSink::make_staging(sql::Connection& db, const sql::Target& target) {
  mysql::make_staging(db, target, dialect_);
}

void MysqlSink::swap_staging(sql::Connection& db, const sql::Target& target) {
  mysql::swap_staging(db, target, dialect_);
}

void MysqlSink::settle(sql::Connection& db) {
  for (const sql::Target& target : targets())
    if (target.mode == sql::Mode::kReplace) drop_replaced(db, target, dialect_);
}

}  // namespace chunkmill::mysql
