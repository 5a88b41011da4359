// SQL as MariaDB and MySQL speak it. In strict mode the server refuses a value that a column cannot
// hold, with exceptions that it makes in silence: digits after a decimal's last place are rounded
// away, parts of a second that a DATETIME has no place for are cut off, spaces at the end of a CHAR
// vanish, and a text that is no word of an ENUM or SET may count as the number of one. mismatch()
// refuses those pairs, or the writer looks at each row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/sql/dialect.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::mysql {

class MysqlDialect final : public sql::Dialect {
 public:
  std::string_view name() const override { return "MariaDB"; }
  std::string column_type(const Field& field) const override;
  std::string key_column_type(const Field& field) const override;
  std::string mismatch(const Field& field, const sql::ExistingColumn& column) const override;
  // Tables are told apart by case on some servers and not on others.
  bool same_name(std::string_view a, std::string_view b) const override {
    return sql::equal_ignoring_case(a, b);
  }
  std::string key_text_type() const override;
  std::string row_lock() const override { return " FOR UPDATE"; }
  std::string now_ms() const override { return "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"; }
  bool ddl_is_transactional() const override { return false; }
  std::string parameter(size_t) const override { return "?"; }
  std::string quote(std::string_view identifier) const override;
};

// A type as information_schema gives it: "decimal(10,2) unsigned" is {"decimal", 10, 2, true}.
struct ColumnType {
  std::string name;
  int size = -1;   // the first number in parentheses
  int scale = -1;  // the second one
  bool is_unsigned = false;

  static ColumnType parse(std::string_view text);
  bool is_integer() const;
  // Decimal places of a second that it keeps.
  int second_places() const { return size < 0 ? 0 : size; }
};

// The words of "enum('low','it''s')" or "set('a','b')"; of other types none.
std::vector<std::string> words_of(std::string_view type);

// " ON DUPLICATE KEY UPDATE ..." for an upsert; nothing for the other modes. Where one side of an
// added column is NULL, the other one stands.
std::string on_duplicate_key(const sql::Target& target, const sql::Dialect& dialect);

}  // namespace chunkmill::mysql
