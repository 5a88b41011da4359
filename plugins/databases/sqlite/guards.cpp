#include "plugins/databases/sqlite/guards.hpp"

#include <algorithm>
#include <cctype>

#include "chunkmill/error.hpp"

namespace chunkmill::sqlite {
namespace {

// Where the text that begins at `at` ends: a string, a quoted name, a comment. `at` where none
// does.
size_t end_of_quoted(const std::string& sql, size_t at) {
  const auto behind = [&](std::string_view close) {
    const size_t found = sql.find(close, at + 1);
    return found == std::string::npos ? sql.size() : found + close.size();
  };
  switch (sql[at]) {
    case '\'':
    case '"':
    case '`':
      return behind(std::string(1, sql[at]));
    case '[':
      return behind("]");
    case '-':
      return sql.compare(at, 2, "--") == 0 ? behind("\n") : at;
    case '/':
      return sql.compare(at, 2, "/*") == 0 ? behind("*/") : at;
    default:
      return at;
  }
}

// The words of a statement in capitals, without strings, quoted names and comments.
std::vector<std::string> words_of(const std::string& sql) {
  std::vector<std::string> words(1);
  for (size_t at = 0; at < sql.size();) {
    const size_t end = end_of_quoted(sql, at);
    const auto c = static_cast<unsigned char>(sql[at]);
    if (end > at || (std::isalnum(c) == 0 && c != '_')) {
      if (!words.back().empty()) words.emplace_back();
      at = std::max(end, at + 1);
      continue;
    }
    words.back() += static_cast<char>(std::toupper(c));
    ++at;
  }
  return words;
}

bool resolves_conflicts(const std::string& word) {
  return word == "IGNORE" || word == "REPLACE" || word == "FAIL" || word == "ROLLBACK";
}

// INSERT OR IGNORE, UPDATE OR REPLACE, REPLACE INTO and the like.
bool has_own_conflict_words(const std::vector<std::string>& words) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i - 1] == "OR" && resolves_conflicts(words[i])) return true;
    if (words[i - 1] == "REPLACE" && words[i] == "INTO") return true;
  }
  return false;
}

const std::string& text(const sql::Value& value) { return std::get<std::string>(value); }

}  // namespace

bool has_conflict_clause(const std::string& definition) {
  const std::vector<std::string> words = words_of(definition);
  for (size_t i = 2; i < words.size(); ++i)
    if (words[i - 2] == "ON" && words[i - 1] == "CONFLICT" && resolves_conflicts(words[i]))
      return true;
  return false;
}

std::string definition_of(sql::Connection& db, const std::string& table) {
  const std::optional<sql::Values> row = db.first(
      "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE", {table});
  return row ? text((*row)[0]) : std::string();
}

std::vector<std::string> referred_tables(sql::Connection& db, const std::string& table) {
  std::vector<std::string> tables;
  for (const sql::Values& row :
       db.all("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1, 'main')", {table}))
    tables.push_back(text(row[0]));
  return tables;
}

void check_conflict_clauses(sql::Connection& db, const std::string& table) {
  if (!has_conflict_clause(definition_of(db, table))) return;
  for (const sql::Values& trigger :
       db.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' "
              "AND tbl_name = ?1 COLLATE NOCASE ORDER BY name",
              {table}))
    if (has_own_conflict_words(words_of(text(trigger[1]))))
      throw Error(CM_UNSUPPORTED,
                  "table \"" + table +
                      "\" has ON CONFLICT in its own definition, which would lose rows in silence "
                      "and is overruled; SQLite would then overrule the OR IGNORE or OR REPLACE of "
                      "its trigger \"" +
                      text(trigger[0]) +
                      "\" too. Take ON CONFLICT out of the table's definition, or the conflict "
                      "words out of the trigger")
          .at(table);
}

}  // namespace chunkmill::sqlite
