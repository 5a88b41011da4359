#include "plugins/calculators/sql/chunk_table.hpp"

#include <cmath>
#include <new>

#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::select {
namespace {

struct VirtualTable : sqlite3_vtab {
  ChunkTable* rows;
};

ChunkTable& rows_of(sqlite3_vtab_cursor* cursor) {
  return *static_cast<VirtualTable*>(cursor->pVtab)->rows;
}

int connect(sqlite3* db, void* rows, int, const char* const*, sqlite3_vtab** out, char**) {
  const int result =
      sqlite3_declare_vtab(db, static_cast<ChunkTable*>(rows)->declaration().c_str());
  if (result != SQLITE_OK) return result;
  auto* table = new (std::nothrow) VirtualTable{};
  if (table == nullptr) return SQLITE_NOMEM;
  table->rows = static_cast<ChunkTable*>(rows);
  *out = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<VirtualTable*>(table);
  return SQLITE_OK;
}

// So dear that it is the outermost loop of every join.
int best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
  plan->estimatedCost = 1e12;
  plan->estimatedRows = 1000;
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = new (std::nothrow) sqlite3_vtab_cursor{};
  return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete cursor;
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  rows_of(cursor).rewind();
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  rows_of(cursor).advance();
  return SQLITE_OK;
}

int eof(sqlite3_vtab_cursor* cursor) { return rows_of(cursor).at_end() ? 1 : 0; }

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* to, int index) {
  try {
    rows_of(cursor).give(to, index);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = rows_of(cursor).row();
  return SQLITE_OK;
}

constexpr sqlite3_module make_module() {
  // Without xCreate the table exists by its module's name alone.
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = eof;
  module.xColumn = column;
  module.xRowid = row_id;
  return module;
}
constexpr sqlite3_module kModule = make_module();

void give_text(sqlite3_context* to, std::string_view text) {
  // A null pointer would be NULL, also at length 0.
  sqlite3_result_text64(to, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
}

const char* affinity(Type type) {
  switch (type) {
    case Type::kBool:
    case Type::kInt32:
    case Type::kInt64:
      return "INTEGER";
    case Type::kFloat64:
    case Type::kDecimal128:
      return "REAL";
    case Type::kBinary:
      return "BLOB";
    default:
      return "TEXT";
  }
}

}  // namespace

std::string column_definitions(const Schema& schema) {
  std::string out;
  for (const Field& field : schema.fields)
    out += (out.empty() ? "" : ", ") + quoted_name(field.name) + ' ' + affinity(field.type);
  return out;
}

ChunkTable::ChunkTable(MemoryDatabase& db, const std::string& name, const Schema& schema)
    : db_(db) {
  for (const Field& field : schema.fields) columns_.push_back({field});
  // A table of SQLite has at least one column.
  declaration_ = "CREATE TABLE rows (" +
                 (columns_.empty() ? "\"(no columns)\"" : column_definitions(schema)) + ")";
  if (sqlite3_create_module_v2(db.get(), name.c_str(), &kModule, this, nullptr) != SQLITE_OK)
    db.fail("making the table of the chunk");
}

void ChunkTable::show(const Batch& batch) {
  for (size_t i = 0; i < columns_.size(); ++i)
    columns_[i].values = ColumnRef(*batch.abi()->children[i], batch.abi()->offset);
  show_rows(0, batch.row_count());
}

void ChunkTable::give(sqlite3_context* to, int index) {
  if (columns_.empty()) return;
  Column& from = columns_[static_cast<size_t>(index)];
  if (from.hidden || from.values.is_null(row_)) return;  // a result that is not set is NULL
  const auto value = [&]<typename T>(std::type_identity<T>) {
    return ColumnView<T>(from.values)[row_];
  };
  switch (from.field.type) {
    case Type::kBool:
      return sqlite3_result_int(to, value(std::type_identity<bool>()) ? 1 : 0);
    case Type::kInt32:
      return sqlite3_result_int(to, value(std::type_identity<int32_t>()));
    case Type::kInt64:
      return sqlite3_result_int64(to, value(std::type_identity<int64_t>()));
    case Type::kFloat64: {
      const double real = value(std::type_identity<double>());
      if (std::isnan(real)) return refuse(to, from, "not_a_number", "is NaN, which SQL has not");
      return sqlite3_result_double(to, real);
    }
    case Type::kUtf8:
      return give_text(to, value(std::type_identity<std::string_view>()));
    case Type::kBinary: {
      const std::string_view bytes = value(std::type_identity<Binary>()).bytes;
      return sqlite3_result_blob64(to, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                                   SQLITE_STATIC);
    }
    case Type::kDate32:
      from.text.clear();
      append_date32(&from.text, value(std::type_identity<Date>()).days);
      return give_text(to, from.text);
    case Type::kTimestamp:
      from.text.clear();
      append_timestamp(&from.text, value(std::type_identity<Timestamp>()).micros);
      return give_text(to, from.text);
    case Type::kDecimal128:
      return give_decimal(to, from);
  }
}

std::string ChunkTable::column_of(const std::string& text, int64_t row) const {
  std::string found;
  for (const Column& one : columns_) {
    if (one.field.type != Type::kUtf8 || one.values.is_null(row)) continue;
    if (ColumnView<std::string_view>(one.values)[row] != text) continue;
    if (!found.empty()) return {};
    found = one.field.name;
  }
  return found;
}

void ChunkTable::give_decimal(sqlite3_context* to, Column& from) {
  constexpr Int128 kFifteenDigits = 1'000'000'000'000'000;  // as many as a double has for certain
  const Int128 value = ColumnView<Int128>(from.values)[row_];
  if (value >= kFifteenDigits || value <= -kFifteenDigits)
    return refuse(to, from, "number_out_of_range",
                  "has more than 15 digits, which SQL would round; hand the column on as it is");
  from.text.clear();
  append_decimal128(&from.text, value, from.field.scale);
  double real = 0;
  if (parse_double(from.text, &real) == ParseFault::kNone) sqlite3_result_double(to, real);
}

void ChunkTable::refuse(sqlite3_context* to, const Column& from, const char* code,
                        const std::string& what) {
  db_.fault() = {code, from.field.name, ""};
  const std::string message = "\"" + from.field.name + "\" " + what;
  sqlite3_result_error(to, message.data(), static_cast<int>(message.size()));
}

}  // namespace chunkmill::select
