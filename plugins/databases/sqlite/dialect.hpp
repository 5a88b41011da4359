// SQL as SQLite speaks it. SQLite keeps a value's own type in any column, but changes it by the
// column's affinity first; mismatch() refuses the pairs where that would change a value.
#pragma once

#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::sqlite {

class SqliteDialect final : public sql::Dialect {
 public:
  std::string_view name() const override { return "SQLite"; }
  std::string column_type(const Field& field) const override;
  std::string mismatch(const Field& field, const sql::ExistingColumn& column) const override;
  bool same_name(std::string_view a, std::string_view b) const override {
    return sql::equal_ignoring_case(a, b);
  }
  // A decimal is kept as text, and + would make a double of it.
  bool can_add(const Field& field) const override {
    return field.type != Type::kDecimal128 && Dialect::can_add(field);
  }
  // Integers whose sum exceeds 64 bits are an error, not a float that lacks the last digits.
  std::string sum(const Field& field, const std::string& theirs,
                  const std::string& mine) const override;
};

}  // namespace chunkmill::sqlite
