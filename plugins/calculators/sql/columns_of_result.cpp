#include "plugins/calculators/sql/columns_of_result.hpp"

#include <algorithm>

#include "chunkmill/nearest.hpp"
#include "plugins/calculators/sql/chunk_table.hpp"
#include "plugins/calculators/sql/expression_type.hpp"
#include "plugins/calculators/sql/scopes.hpp"

namespace chunkmill::select {
namespace {

constexpr std::string_view kTypes =
    "string, int32, int64, float, bool, binary, date, timestamp, decimal(precision,scale)";

[[noreturn]] void refuse_option(const std::string& what, std::string_view option = "select") {
  throw Error(CM_INVALID, what).at(option);
}

std::string list_of(const std::vector<std::string>& names) {
  constexpr size_t kMost = 30;
  std::string out;
  for (size_t i = 0; i < names.size() && i < kMost; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMost) out += ", and " + std::to_string(names.size() - kMost) + " more";
  return out.empty() ? "none" : out;
}

// What comes between a fault and the list of what there is.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::string near = nearest(word, names);
  return near.empty() ? ";" : "; did you mean \"" + near + "\"?";
}

// Names that SQL cannot tell apart.
void check_names(const Schema& schema, const std::string& table) {
  for (size_t i = 0; i < schema.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (same_name(schema[i].name, schema[j].name))
        refuse_option("the columns \"" + schema[j].name + "\" and \"" + schema[i].name + "\" of " +
                      table + " differ in case alone, and SQL does not tell them apart");
}

Tokens checked_tokens(const std::string& statement) {
  Tokens tokens = tokens_of(statement);
  while (!tokens.empty() && tokens.back().is_symbol(";")) tokens.pop_back();
  if (tokens.empty()) refuse_option("the statement is empty");
  if (!tokens[0].is("select") && !tokens[0].is("with"))
    refuse_option("the statement begins with " + tokens[0].text + "; it must be one SELECT");
  constexpr int kDeepest = 100;
  int depth = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.is_symbol("(") && ++depth > kDeepest) refuse_option("its parentheses are too deep");
    if (token.is_symbol(")") && --depth < 0) refuse_option("there is a ) without its (");
    if (token.is_symbol(";")) refuse_option("there is a second statement behind the ;");
    if (token.kind == Token::Kind::kParameter)
      refuse_option("there is nothing that " + token.text + " could stand for");
    const bool is_text = token.kind == Token::Kind::kText;
    if (is_text && (same_name(token.text, "now") || same_name(token.text, "localtime")))
      refuse_option("'" + token.text + "' is another time in every run: results would differ");
    const bool no_arguments =
        i + 2 < tokens.size() && tokens[i + 1].is_symbol("(") && tokens[i + 2].is_symbol(")");
    for (const std::string_view name : {"date", "time", "datetime", "julianday", "unixepoch"})
      if (no_arguments && token.is(name))
        refuse_option(token.text + "() is another time in every run: results would differ");
  }
  if (depth != 0) refuse_option("there is a ( without its )");
  return tokens;
}

// What SQLite asks while it reads the statement.
class Permission {
 public:
  Permission(const Schema& chunk, const std::vector<Lookup>& lookups)
      : chunk_(chunk), lookups_(lookups), reads(chunk.size()) {}

  static int ask(void* self, int action, const char* first, const char* second, const char*,
                 const char*) {
    const auto text = [](const char* given) { return std::string_view(given ? given : ""); };
    return static_cast<Permission*>(self)->answer(action, text(first), text(second)) ? SQLITE_OK
                                                                                     : SQLITE_DENY;
  }

 private:
  const Schema& chunk_;
  const std::vector<Lookup>& lookups_;

 public:
  std::string refused;     // why it was denied
  std::vector<int> reads;  // by column of the chunk

 private:
  bool answer(int action, std::string_view first, std::string_view second) {
    if (action == SQLITE_SELECT || action == SQLITE_RECURSIVE) return true;
    if (action == SQLITE_READ) return may_read(first, second);
    if (action == SQLITE_FUNCTION) return may_call(second);
    if (refused.empty()) refused = "it must be one SELECT, which only reads";
    return false;
  }

  bool may_read(std::string_view table, std::string_view column) {
    if (same_name(table, kChunk)) {
      const int index = chunk_.find(column);
      if (index >= 0) ++reads[static_cast<size_t>(index)];
      if (index >= 0 || !same_name(column, "rowid")) return true;
      refused = "chunk has no rowid: which row of its chunk a row is says nothing of it";
      return false;
    }
    for (const Lookup& lookup : lookups_)
      if (same_name(table, lookup.name)) return true;
    if (table == "json_each" || table == "json_tree") return true;
    refused = "the table \"" + std::string(table) + "\" is none of this statement's";
    return false;
  }

  bool may_call(std::string_view function) {
    for (const std::string_view denied :
         {"random", "randomblob", "current_date", "current_time", "current_timestamp"})
      if (same_name(function, denied)) {
        refused = std::string(function) + " is another value in every run: results would differ";
        return false;
      }
    for (const std::string_view denied :
         {"load_extension", "changes", "total_changes", "last_insert_rowid",
          "sqlite_compileoption_used", "sqlite_compileoption_get", "sqlite_version",
          "sqlite_source_id", "sqlite_log", "sqlite_offset"})
      if (same_name(function, denied)) {
        refused = std::string(function) + "() says nothing of the rows, and is not allowed";
        return false;
      }
    return true;
  }
};

// Makes one plan. Nothing of it is kept but the plan.
class Planner {
 public:
  // `discovers`: a column that the chunk has not got is no fault.
  Planner(const StatementOptions& options, Schema chunk, const std::vector<Lookup>& lookups,
          bool discovers)
      : options_(options),
        discovers_(discovers),
        chunk_(std::move(chunk)),
        lookups_(lookups),
        tokens_(checked_tokens(options.select)),
        scopes_(scopes_of(tokens_)),
        permission_(chunk_, lookups_),
        chunk_table_(db_, std::string(kChunk), chunk_),
        probes_(db_, lookups_) {
    schemas_.push_back({std::string(kChunk), &chunk_});
    for (const Lookup& lookup : lookups_) schemas_.push_back({lookup.name, &lookup.table.schema()});
  }

  // Nothing, and which column is missing, where that is no fault.
  StatementPtr prepare(std::string* missing) {
    // Tables declare themselves when they are first named: before anything is forbidden.
    for (const NamedSchema& one : schemas_) db_.prepare("SELECT 1 FROM " + quoted_name(one.name));
    for (const char* const function : {"json_each", "json_tree"})
      db_.prepare(std::string("SELECT 1 FROM ") + function + "('[]')");
    sqlite3_set_authorizer(db_.get(), Permission::ask, &permission_);
    const std::string_view sql(options_.select.data(), tokens_.back().end);
    sqlite3_stmt* made = nullptr;
    const int result =
        sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    StatementPtr statement(made);
    if (result != SQLITE_OK) explain(sqlite3_errmsg(db_.get()), missing);
    return statement;
  }

  Plan plan(sqlite3_stmt* statement) {
    Plan plan;
    plan.statement = options_.select.substr(0, tokens_.back().end);
    plan.one_pass = scopes_.one_pass;
    if (!scopes_.over_chunk)
      refuse_option(
          "it is over no rows: chunk, the table of the rows that come in, must stand in FROM");
    const ExpressionTypes types(tokens_, scopes_, schemas_);
    types.check_comparisons();
    types.check_uses();
    const int count = sqlite3_column_count(statement);
    for (int i = 0; i < count; ++i) plan.results.push_back(result(statement, i, count));
    check_results(plan.results);
    plan.indexes = probes_.wishes();
    plan.reads = permission_.reads;
    for (size_t i = 0; i < chunk_.size(); ++i)
      if (plan.reads[i] > 0 || joined_by(chunk_[i].name)) plan.needed.push_back(chunk_[i].name);
    // What an inner query hands on may be read again outside of it, unasked.
    if (joins_by_name() || !scopes_.direct) plan.reads.clear();
    return plan;
  }

 private:
  // Turns SQLite's message into one that says what to do.
  void explain(const std::string& message, std::string* missing) {
    std::string place;
    const int offset = sqlite3_error_offset(db_.get());
    const auto lines = static_cast<size_t>(std::ranges::count(options_.select, '\n'));
    if (offset >= 0 && lines > 0) {
      const std::string before = options_.select.substr(0, static_cast<size_t>(offset));
      place =
          " (line " + std::to_string(1 + std::ranges::count(before, '\n')) + " of the statement)";
    }
    if (!permission_.refused.empty()) refuse_option(permission_.refused + place);
    const auto rest = [&](std::string_view start) {
      return message.starts_with(start) ? message.substr(start.size()) : std::string();
    };
    if (const std::string table = rest("no such table: "); !table.empty()) {
      std::vector<std::string> names;
      for (const NamedSchema& one : schemas_) names.push_back(one.name);
      refuse_option("there is no table \"" + table + "\"" + place + did_you_mean(table, names) +
                    " tables: " + list_of(names) + "; a lookup is one where `lookups` names it");
    }
    if (const std::string column = rest("no such column: "); !column.empty()) {
      const std::string name = column.substr(column.rfind('.') + 1);
      *missing = name;
      if (discovers_) return;
      std::vector<std::string> names;
      for (const NamedSchema& one : schemas_)
        for (const Field& field : one.schema->fields) names.push_back(field.name);
      std::string there;
      for (const NamedSchema& one : schemas_)
        there += (there.empty() ? " columns of " : "; columns of ") + one.name + ": " +
                 list_of(one.schema->names());
      refuse_option("there is no column \"" + column + "\"" + place + did_you_mean(name, names) +
                    there);
    }
    refuse_option(message + place);
  }

  ResultColumn result(sqlite3_stmt* statement, int index, int count) const {
    const auto text = [](const char* given) { return std::string(given ? given : ""); };
    ResultColumn out;
    Field& field = out.field;
    const std::string table = text(sqlite3_column_table_name(statement, index));
    const std::string origin = text(sqlite3_column_origin_name(statement, index));
    const auto [begin, end] = item_of(index, count);
    const ExpressionTypes types(tokens_, scopes_, schemas_);
    const size_t expression_end = types.without_alias(begin, end);
    // Of the columns that * stands for no item is known.
    const bool is_column = begin == end || types.is_column(begin, expression_end);
    for (const NamedSchema& one : schemas_) {
      if (!same_name(one.name, table)) continue;
      const int column = one.schema->find(origin);
      if (column < 0) continue;
      field = (*one.schema)[static_cast<size_t>(column)];
      if (same_name(one.name, kChunk) && scopes_.one_pass && is_column) out.copy_of = column;
    }
    const bool is_known = !field.name.empty();
    field.name = text(sqlite3_column_name(statement, index));
    field.nullable = true;
    const bool is_named = std::ranges::any_of(
        tokens_, [&](const Token& token) { return token.is_name() && token.text == field.name; });
    if (!is_known && !is_named)
      refuse_option("the column " + std::to_string(index + 1) + ", " + field.name +
                    ", has no name; give it one: " + field.name + " AS name");
    const auto said = options_.types.find(field.name);
    if (said != options_.types.end()) {
      Field wanted;
      if (!type_from_name(said->second, &wanted))
        refuse_option("\"" + said->second + "\" is not a type; there are " + std::string(kTypes),
                      "types." + field.name);
      if (!field.same_type(wanted)) out.copy_of = -1;
      field.type = wanted.type;
      field.precision = wanted.precision;
      field.scale = wanted.scale;
      // Still looked at: text must not be calculated with.
      if (!is_known && begin < end) types.type_of(begin, expression_end);
    } else if (!is_known) {
      const std::optional<Field> guessed =
          begin < end ? types.type_of(begin, expression_end) : std::nullopt;
      if (!guessed)
        refuse_option("which type column \"" + field.name +
                      "\" has cannot be seen from its expression; "
                      "say it: types: {" +
                      field.name + ": float}, or " + std::string(kTypes));
      field.type = guessed->type;
      field.precision = guessed->precision;
      field.scale = guessed->scale;
    }
    if (const auto unit = options_.units.find(field.name); unit != options_.units.end())
      field.unit = unit->second;
    return out;
  }

  // The item of the select list that a result is; nothing for what a * stands for.
  std::pair<size_t, size_t> item_of(int index, int count) const {
    const auto is_star = [&](const auto& item) {
      return item.second > item.first && tokens_[item.second - 1].is_symbol("*");
    };
    const auto& items = scopes_.items;
    const auto i = static_cast<size_t>(index);
    const auto first = std::ranges::find_if(items, is_star);
    if (first == items.end()) return i < items.size() ? items[i] : std::pair<size_t, size_t>();
    if (i < static_cast<size_t>(first - items.begin())) return items[i];
    const auto last = std::find_if(items.rbegin(), items.rend(), is_star);
    const auto behind = static_cast<size_t>(last - items.rbegin());
    const size_t from_end = static_cast<size_t>(count) - i;  // 1: the last one
    return from_end <= behind ? items[items.size() - from_end] : std::pair<size_t, size_t>();
  }

  void check_results(const std::vector<ResultColumn>& results) const {
    std::vector<std::string> names;
    for (const ResultColumn& result : results) {
      for (const std::string& name : names)
        if (same_name(name, result.field.name))
          refuse_option("two results are called \"" + name + "\"; name one of them with AS");
      names.push_back(result.field.name);
    }
    const auto check = [&](const auto& option, const std::string& path) {
      for (const auto& [name, value] : option)
        if (std::ranges::find(names, name) == names.end())
          refuse_option("there is no result \"" + name + "\"" + did_you_mean(name, names) +
                            " results: " + list_of(names),
                        path + name);
    };
    check(options_.types, "types.");
    check(options_.units, "units.");
  }

  // Joins that SQLite asks no permission for.
  bool joins_by_name() const {
    return std::ranges::any_of(
        tokens_, [](const Token& token) { return token.is("using") || token.is("natural"); });
  }
  bool joined_by(const std::string& column) const {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].is("natural"))
        for (const Lookup& lookup : lookups_)
          for (const Field& field : lookup.table.schema().fields)
            if (same_name(field.name, column)) return true;
      if (!tokens_[i].is("using")) continue;
      for (size_t j = i + 1; j < tokens_.size() && !tokens_[j].is_symbol(")"); ++j)
        if (tokens_[j].is_name() && same_name(tokens_[j].text, column)) return true;
    }
    return false;
  }

  const StatementOptions& options_;
  const bool discovers_;
  const Schema chunk_;
  const std::vector<Lookup>& lookups_;
  const Tokens tokens_;
  const Scopes scopes_;
  MemoryDatabase db_;
  Permission permission_;
  ChunkTable chunk_table_;
  LookupProbes probes_;
  std::vector<NamedSchema> schemas_;
};

}  // namespace

Plan plan_of(const StatementOptions& options, const Schema& chunk,
             const std::vector<Lookup>& lookups) {
  check_names(chunk, std::string(kChunk));
  for (const Lookup& lookup : lookups)
    check_names(lookup.table.schema(), "lookup \"" + lookup.name + "\"");
  Schema there = chunk;
  constexpr size_t kMostColumns = 2000;  // of a table of SQLite
  while (true) {
    Planner planner(options, there, lookups, chunk.size() == 0);
    std::string missing;
    const StatementPtr statement = planner.prepare(&missing);
    if (statement != nullptr) return planner.plan(statement.get());
    if (there.size() >= kMostColumns || missing.empty()) refuse_option("it has too many columns");
    there.fields.push_back(Field{missing, Type::kFloat64});
  }
}

}  // namespace chunkmill::select
