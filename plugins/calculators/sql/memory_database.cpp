#include "plugins/calculators/sql/memory_database.hpp"

#include <mutex>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::select {
namespace {

constexpr const char* kVfs = "chunkmill_without_clock";

int no_time(sqlite3_vfs*, sqlite3_int64*) { return SQLITE_ERROR; }

// date('now') is NULL: the same input gives the same output, today and tomorrow.
void register_vfs() {
  static std::once_flag once;
  std::call_once(once, [] {
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.zName = kVfs;
    vfs.pNext = nullptr;
    vfs.xCurrentTimeInt64 = no_time;
    sqlite3_vfs_register(&vfs, 0);
  });
}

// "1,234,567.5" without its commas, if they stand where thousands end; else as it is.
std::string without_separators(std::string_view text, char separator) {
  const size_t first = text.find(separator);
  if (first == text.npos) return std::string(text);
  const size_t start = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const size_t end = std::min(text.find('.'), text.size());
  if (first <= start || first > start + 3) return std::string(text);
  std::string out(text.substr(0, first));
  for (size_t at = first; at < end; at += 4) {
    const std::string_view group = text.substr(at, std::min<size_t>(4, end - at));
    if (group.size() != 4 || group[0] != separator) return std::string(text);
    for (const char c : group.substr(1))
      if (!chunkmill::detail::is_digit(c)) return std::string(text);
    out += group.substr(1);
  }
  return out.append(text.substr(end));
}

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(bytes, static_cast<size_t>(sqlite3_value_bytes(value)));
}

void number(sqlite3_context* context, int count, sqlite3_value** values) {
  sqlite3_value* const value = values[0];
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL) return;
  if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
    return sqlite3_result_double(context, sqlite3_value_double(value));
  try {
    const std::string_view given = text_of(value);
    const std::string_view separator = count == 2 ? text_of(values[1]) : std::string_view();
    double out = 0;
    const ParseFault fault = separator.size() == 1
                                 ? parse_double(without_separators(given, separator[0]), &out)
                                 : parse_double(given, &out);
    if (type == SQLITE_TEXT && fault == ParseFault::kNone)
      return sqlite3_result_double(context, out);
    auto& why = *static_cast<RowFault*>(sqlite3_user_data(context));
    why = {std::string(fault_code(fault, Type::kFloat64)), "", std::string(given)};
    const std::string message = "\"" + std::string(files::text_start(given)) + "\" is no number";
    sqlite3_result_error(context, message.data(), static_cast<int>(message.size()));
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

}  // namespace

MemoryDatabase::MemoryDatabase() : fault_(std::make_unique<RowFault>()) {
  register_vfs();
  sqlite3* db = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
                         SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(":memory:", &db, kFlags, kVfs);
  db_.reset(db);
  if (db == nullptr) throw std::bad_alloc();
  if (result != SQLITE_OK) fail("opening a database in memory");
  // "name" is a column or a mistake, never a text.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  constexpr int kFunction = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  for (const int count : {1, 2})
    sqlite3_create_function_v2(db, "number", count, kFunction, fault_.get(), number, nullptr,
                               nullptr, nullptr);
  dates_ = std::make_unique<DateFunctions>(db, kVfs, fault_.get());
  // Reads the schema now, before an authorizer is asked about it.
  run("SELECT 1 FROM sqlite_schema");
}

void MemoryDatabase::run(const std::string& sql) {
  if (sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

StatementPtr MemoryDatabase::prepare(const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  const int result = sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (result != SQLITE_OK) fail(sql.substr(0, 60));
  return StatementPtr(made);
}

void MemoryDatabase::fail(const std::string& doing) const {
  const int result = sqlite3_errcode(get());
  if ((result & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  throw Error(CM_INTERNAL, doing + ": " + sqlite3_errmsg(get())).vendor(result);
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace chunkmill::select
