#include "plugins/databases/mysql/statement.hpp"

#include <new>

namespace chunkmill::mysql {
namespace {

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

MYSQL_BIND bound(const sql::Value& value) {
  MYSQL_BIND bind{};
  if (const auto* number = std::get_if<int64_t>(&value)) {
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = const_cast<int64_t*>(number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = const_cast<char*>(text->data());
    bind.buffer_length = text->size();
  } else if (const auto* binary = std::get_if<Binary>(&value)) {
    bind.buffer_type = MYSQL_TYPE_LONG_BLOB;
    bind.buffer = const_cast<char*>(binary->bytes.data() == nullptr ? "" : binary->bytes.data());
    bind.buffer_length = binary->bytes.size();
  } else {
    bind.buffer_type = MYSQL_TYPE_NULL;
  }
  return bind;
}

bool is_integer(const MYSQL_FIELD& field) {
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
      return true;
    default:
      return false;
  }
}

// Where one column's value of the row in hand is put.
struct Cell {
  bool integer = false;
  bool is_unsigned = false;
  int64_t number = 0;
  std::string text;
  unsigned long size = 0;
  my_bool is_null = 0;

  MYSQL_BIND bind(const MYSQL_FIELD& field) {
    MYSQL_BIND out{};
    out.is_null = &is_null;
    out.length = &size;
    integer = is_integer(field);
    is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
    if (integer) {
      out.buffer_type = MYSQL_TYPE_LONGLONG;
      out.buffer = &number;
      out.is_unsigned = is_unsigned ? 1 : 0;
    } else {
      text.resize(field.max_length);
      out.buffer_type = MYSQL_TYPE_STRING;
      out.buffer = text.data();
      out.buffer_length = text.size();
    }
    return out;
  }
  sql::Value value() const {
    if (is_null != 0) return {};
    if (!integer) return text.substr(0, size);
    if (is_unsigned && number < 0) return std::to_string(static_cast<uint64_t>(number));
    return number;
  }
};

}  // namespace

Statement::Statement(MYSQL* connection) : statement_(mysql_stmt_init(connection)) {
  if (statement_ == nullptr) throw std::bad_alloc();
  const my_bool yes = 1;
  mysql_stmt_attr_set(statement_.get(), STMT_ATTR_UPDATE_MAX_LENGTH, &yes);
}

bool Statement::prepare(const std::string& sql) {
  return mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()) == 0;
}

bool Statement::execute(const sql::Values& parameters) {
  std::vector<MYSQL_BIND> binds;
  binds.reserve(parameters.size());
  for (const sql::Value& value : parameters) binds.push_back(bound(value));
  if (binds.size() != mysql_stmt_param_count(statement_.get()))
    throw Error(CM_INTERNAL, "a statement has other parameters than were given");
  if (!binds.empty() && mysql_stmt_bind_param(statement_.get(), binds.data()) != 0) return false;
  return mysql_stmt_execute(statement_.get()) == 0;
}

bool Statement::read(std::vector<sql::Values>* rows) {
  MYSQL_STMT* const statement = statement_.get();
  if (mysql_stmt_store_result(statement) != 0) return false;
  const std::unique_ptr<MYSQL_RES, FreeResult> meta(mysql_stmt_result_metadata(statement));
  if (meta == nullptr) return mysql_stmt_errno(statement) == 0;
  const unsigned count = mysql_num_fields(meta.get());
  std::vector<Cell> cells(count);
  std::vector<MYSQL_BIND> binds;
  for (unsigned i = 0; i < count; ++i)
    binds.push_back(cells[i].bind(*mysql_fetch_field_direct(meta.get(), i)));
  if (mysql_stmt_bind_result(statement, binds.data()) != 0) return false;
  int result = mysql_stmt_fetch(statement);
  for (; result == 0; result = mysql_stmt_fetch(statement)) {
    sql::Values& row = rows->emplace_back();
    for (const Cell& cell : cells) row.push_back(cell.value());
  }
  mysql_stmt_free_result(statement);
  return result == MYSQL_NO_DATA;
}

}  // namespace chunkmill::mysql
