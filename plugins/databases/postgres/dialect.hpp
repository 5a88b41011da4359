// SQL as PostgreSQL speaks it, and which of its types keep which of ours.
#pragma once

#include <string>
#include <string_view>

#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::postgres {

// A type as format_type() writes it, without its sizes: "numeric(12,3)" is numeric with 12 and 3.
struct DeclaredType {
  std::string name;  // "character varying", "timestamp with time zone"
  int first = -1;    // length or precision; -1: none is given
  int second = 0;    // scale; below 0 too, where it rounds to tens and hundreds
};
DeclaredType parse_type(std::string_view text);
// char(n) and bpchar, to which spaces at the end say nothing.
bool takes_spaces_off(const DeclaredType& type);

class PostgresDialect final : public sql::Dialect {
 public:
  std::string_view name() const override { return "PostgreSQL"; }
  std::string column_type(const Field& field) const override;
  std::string mismatch(const Field& field, const sql::ExistingColumn& column) const override;
  std::string row_lock() const override { return " FOR UPDATE"; }
  std::string now_ms() const override {
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";
  }
  std::string parameter(size_t n) const override { return "$" + std::to_string(n); }
};

}  // namespace chunkmill::postgres
