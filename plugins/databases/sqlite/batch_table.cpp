#include "plugins/databases/sqlite/batch_table.hpp"

#include <new>

#include "chunkmill/format.hpp"

namespace chunkmill::sqlite {
namespace {

struct VirtualTable : sqlite3_vtab {
  BatchTable* batch;
};

BatchTable& batch_of(sqlite3_vtab_cursor* cursor) {
  return *static_cast<VirtualTable*>(cursor->pVtab)->batch;
}

int connect(sqlite3* db, void* batch, int, const char* const*, sqlite3_vtab** out, char**) {
  const int result =
      sqlite3_declare_vtab(db, static_cast<BatchTable*>(batch)->declaration().c_str());
  if (result != SQLITE_OK) return result;
  auto* table = new (std::nothrow) VirtualTable{};
  if (table == nullptr) return SQLITE_NOMEM;
  table->batch = static_cast<BatchTable*>(batch);
  *out = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<VirtualTable*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
  plan->estimatedCost = 1e4;
  plan->estimatedRows = 10'000;
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
  batch_of(cursor).rewind();
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  batch_of(cursor).advance();
  return SQLITE_OK;
}

int eof(sqlite3_vtab_cursor* cursor) { return batch_of(cursor).at_end() ? 1 : 0; }

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* to, int index) {
  try {
    batch_of(cursor).give(to, index);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = batch_of(cursor).row();
  return SQLITE_OK;
}

constexpr sqlite3_module make_module() {
  // Without xCreate the table exists by its module's name alone, and leaves nothing in the file.
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

}  // namespace

BatchTable::BatchTable(Connection& db, const std::string& name, const std::vector<Field>& fields,
                       const std::vector<size_t>& sources)
    : declaration_("CREATE TABLE batch (") {
  for (size_t i = 0; i < fields.size(); ++i) {
    declaration_ += (i == 0 ? "c" : ", c") + std::to_string(i);
    columns_.push_back({fields[i].type, fields[i].scale, sources[i], {}, {}});
  }
  declaration_ += ")";
  if (sqlite3_create_module_v2(db.get(), name.c_str(), &kModule, this, nullptr) != SQLITE_OK)
    db.fail("making the table of the batch");
}

void BatchTable::show(const Batch& batch) {
  for (Column& to : columns_)
    to.values = ColumnRef(*batch.abi()->children[to.source], batch.abi()->offset);
  show_rows(0, batch.row_count());
}

void BatchTable::give(sqlite3_context* to, int index) {
  Column& from = columns_[static_cast<size_t>(index)];
  if (from.values.is_null(row_)) return;  // a result that is not set is NULL
  const auto value = [&]<typename T>(std::type_identity<T>) {
    return ColumnView<T>(from.values)[row_];
  };
  switch (from.type) {
    case Type::kBool:
      return sqlite3_result_int(to, value(std::type_identity<bool>()) ? 1 : 0);
    case Type::kInt32:
      return sqlite3_result_int(to, value(std::type_identity<int32_t>()));
    case Type::kInt64:
      return sqlite3_result_int64(to, value(std::type_identity<int64_t>()));
    case Type::kFloat64:
      return sqlite3_result_double(to, value(std::type_identity<double>()));
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
      from.text.clear();
      append_decimal128(&from.text, value(std::type_identity<Int128>()), from.scale);
      return give_text(to, from.text);
  }
}

}  // namespace chunkmill::sqlite
