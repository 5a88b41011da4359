#include "plugins/databases/sqlite/sink.hpp"

#include <filesystem>

#include "plugins/databases/sqlite/guards.hpp"
#include "plugins/databases/sqlite/replace.hpp"
#include "plugins/databases/sqlite/shape.hpp"
#include "plugins/databases/sqlite/table_writer.hpp"

namespace chunkmill::sqlite {

void SqliteSink::configure(Options& opt) {
  opt.required("path", path_, "the database file; made where it is missing");
  configure_tables(opt);
  opt.choice("journal", journal_, {{"wal", Journal::kWal}, {"delete", Journal::kDelete}},
             "wal: others read while rows are written; delete: for file systems without shared "
             "memory");
  opt.choice(
      "synchronous", synchronous_,
      {{"full", Synchronous::kFull}, {"normal", Synchronous::kNormal}, {"off", Synchronous::kOff}},
      "what a power loss may cost. full: nothing; normal: the last chunks, which the next "
      "run writes again; off: the file. A killed process costs nothing with any of them");
  opt.optional("busy_timeout", busy_timeout_, "how long to wait for another connection's lock");
}

OpenOptions SqliteSink::open_options() const {
  constexpr const char* kWords[] = {"full", "normal", "off"};
  return {path_.value, journal_ == Journal::kWal, kWords[static_cast<size_t>(synchronous_)],
          busy_timeout_.ms, &interrupted_};
}

SinkAbilities SqliteSink::abilities() const {
  return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_UPSERT | CM_SINK_ATOMIC_WRITE, 1,
          0};
}

bool SqliteSink::is_there() const {
  std::error_code ignored;
  return std::filesystem::exists(path_.value, ignored);
}

void SqliteSink::check_may_be_made() const {
  const std::filesystem::path folder = std::filesystem::path(path_.value).parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    throw Error(CM_NOT_FOUND, "the folder " + folder.string() +
                                  " of the database does not exist; make it, or change `path`")
        .at(path_.value);
}

void SqliteSink::check_name(const std::string& table) const {
  if (sql::equal_ignoring_case(table.substr(0, 7), "sqlite_"))
    throw Error(CM_INVALID,
                "table \"" + table + "\": SQLite keeps names that begin with sqlite_ for itself")
        .at(table);
}

std::unique_ptr<sql::Connection> SqliteSink::connect(Access access) {
  auto db = std::make_unique<Connection>(open_options(), access);
  // Views that name a table must not keep it from being exchanged.
  if (access == Access::kWrite) db->run("PRAGMA legacy_alter_table = on");
  return db;
}

std::optional<sql::ExistingTable> SqliteSink::read_shape(sql::Connection& db,
                                                         const std::string& table) {
  std::optional<sql::ExistingTable> shape = sqlite::read_shape(db, table);
  if (shape)
    for (const sql::Target& target : targets())
      if (sql::equal_ignoring_case(target.table, table)) check_conflict_clauses(db, table);
  return shape;
}

std::unique_ptr<sql::TableWriter> SqliteSink::make_writer(sql::Connection& db,
                                                          const sql::Target& target, size_t index) {
  // As in other databases; SQLite leaves it off for files of its early days. Not in the control
  // connection: dropping a table there would delete what refers to it.
  db.run("PRAGMA foreign_keys = on");
  bool references_wait = false;
  for (const std::string& table : referred_tables(db, target.table))
    for (size_t later = index + 1; later < targets().size(); ++later)
      references_wait |= sql::equal_ignoring_case(targets()[later].table, table);
  return std::make_unique<TableWriter>(static_cast<Connection&>(db), target, dialect_, index,
                                       references_wait);
}

void SqliteSink::make_staging(sql::Connection& db, const sql::Target& target) {
  sqlite::make_staging(db, target, dialect_);
}

void SqliteSink::swap_staging(sql::Connection& db, const sql::Target& target) {
  sqlite::swap_staging(db, target, dialect_);
}

void SqliteSink::settle(sql::Connection& db) {
  // A reader may hold it up; that costs nothing but a longer log.
  if (journal_ == Journal::kWal) db.run("PRAGMA wal_checkpoint(PASSIVE)");
}

}  // namespace chunkmill::sqlite
