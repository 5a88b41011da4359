#include "plugins/calculators/sql/date_functions.hpp"

#include <new>
#include <string_view>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/parse.hpp"
#include "plugins/calculators/sql/memory_database.hpp"

namespace chunkmill::select {
namespace {

std::string_view given_text(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(bytes, static_cast<size_t>(sqlite3_value_bytes(value)));
}

bool is_bare_number(std::string_view text) {
  double number = 0;
  return parse_double(text, &number) == ParseFault::kNone;
}

// "2024-02-30": SQLite makes 1 March of it.
bool is_day_that_is_not(std::string_view text) {
  using chunkmill::detail::days_from_civil;
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' ||
      !chunkmill::detail::read_digits(text, 0, 4, &year) ||
      !chunkmill::detail::read_digits(text, 5, 2, &month) ||
      !chunkmill::detail::read_digits(text, 8, 2, &day) || month < 1 || month > 12)
    return false;
  const int next =
      month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
  return day > next - days_from_civil(year, month, 1);
}

bool has_no_day(std::string_view text) { return text.size() >= 5 && text[2] == ':'; }

// Modifiers that say of which kind a number is.
bool says_kind(std::string_view modifier) {
  for (const std::string_view kind : {"unixepoch", "julianday", "auto"})
    if (sqlite3_strnicmp(modifier.data(), kind.data(), static_cast<int>(kind.size())) == 0 &&
        modifier.size() == kind.size())
      return true;
  return false;
}

}  // namespace

DateFunctions::DateFunctions(sqlite3* db, const char* vfs, RowFault* fault)
    : fault_(fault), functions_{{this, "date", true, 0},      {this, "time", false, 0},
                                {this, "datetime", true, 0},  {this, "julianday", true, 0},
                                {this, "unixepoch", true, 0}, {this, "strftime", false, 1}} {
  sqlite3* own = nullptr;
  const int opened = sqlite3_open_v2(
      ":memory:", &own, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, vfs);
  db_.reset(own);
  if (opened != SQLITE_OK) throw std::bad_alloc();
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  for (Function& function : functions_)
    if (sqlite3_create_function_v2(db, function.name, -1, kFlags, &function, call, nullptr, nullptr,
                                   nullptr) != SQLITE_OK)
      throw std::bad_alloc();
}

void DateFunctions::call(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto& function = *static_cast<const Function*>(sqlite3_user_data(context));
  try {
    function.all->run(function, context, count, values);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

sqlite3_stmt* DateFunctions::original(const Function& function, int count) {
  auto& made = originals_[&function - functions_][count];
  if (made == nullptr) {
    std::string sql = std::string("SELECT ") + function.name + "(";
    for (int i = 0; i < count; ++i) sql += i == 0 ? "?" : ", ?";
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_.get(), (sql + ")").c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK)
      throw std::bad_alloc();
    made.reset(statement);
  }
  return made.get();
}

void DateFunctions::refuse(const Function& function, sqlite3_context* context,
                           const std::string& value, const std::string& why) {
  *fault_ = {"bad_date", "", value};
  const std::string message =
      std::string(function.name) + "(): \"" + std::string(files::text_start(value)) + "\" " + why;
  sqlite3_result_error(context, message.data(), static_cast<int>(message.size()));
}

void DateFunctions::run(const Function& function, sqlite3_context* context, int count,
                        sqlite3_value** values) {
  const int at = function.first_value;
  if (count <= at || count > kMostArguments) {
    const std::string message = std::string(function.name) + "() takes " +
                                (at == 0 ? "a time" : "a format and a time") + ", and modifiers";
    return sqlite3_result_error(context, message.data(), static_cast<int>(message.size()));
  }
  const bool is_text = sqlite3_value_type(values[at]) == SQLITE_TEXT;
  sqlite3_stmt* const statement = original(function, count);
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_NULL) return;
    sqlite3_bind_value(statement, i + 1, values[i]);
  }
  // Only now: a number whose text is asked for may be a text from then on.
  const std::string value(given_text(values[at]));
  bool kind_is_said = false;
  for (int i = at + 1; i < count; ++i) kind_is_said |= says_kind(given_text(values[i]));
  if (is_text) {
    if (is_bare_number(value) && !kind_is_said)
      return refuse(function, context, value,
                    "is a number, not a date like 2024-02-29; with the modifier 'unixepoch' or "
                    "'julianday' it is seconds or a Julian day");
    if (is_day_that_is_not(value))
      return refuse(function, context, value, "is a day that does not exist");
    if (function.needs_day && has_no_day(value))
      return refuse(function, context, value, "is a time without a day");
  }
  const bool done = sqlite3_step(statement) == SQLITE_ROW;
  const bool is_null = !done || sqlite3_column_type(statement, 0) == SQLITE_NULL;
  if (!is_null) sqlite3_result_value(context, sqlite3_column_value(statement, 0));
  sqlite3_reset(statement);
  if (!is_null) return;
  std::string why = "is not a date or a time like 2024-02-29 or 2024-02-29 12:30:00";
  if (at == 1 || count > at + 1) why += ", or the format or a modifier is not one of SQLite's";
  refuse(function, context, value, why);
}

}  // namespace chunkmill::select
