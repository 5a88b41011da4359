// How SQLite's values are written and compared where they are read.
//
// SQLite compares what it has stored: a timestamp is text of whatever form its writer chose, and
// ordered as text. Positions therefore hold that text as it stands, and ranges of timestamps begin
// at midnight, where every form has the same beginning. Threads: any.
#pragma once

#include <string>

#include "chunkmill/sql/source_dialect.hpp"

namespace chunkmill::sqlite {

class SqliteSourceDialect final : public sql::SourceDialect {
 public:
  std::string literal(const sql::SourceColumn& column, std::string_view text) const override;
  std::string bound(const sql::SourceColumn& column, int64_t value) const override;
  sql::SourceColumn key_column(const sql::SourceColumn& column) const override;
  std::string spelling(const sql::SourceColumn& column, const std::string& name) const override;
  std::string older_than(const std::string& name, int64_t milliseconds) const override;
  uint64_t timestamp_unit() const override { return sql::kSecondsPerDay; }
  std::optional<int64_t> grid_value(const sql::SourceColumn& column,
                                    std::string_view text) const override;
};

// The type that a column has by its declaration, whatever it is read as: kept in the column's tag.
inline Type meant_type(const sql::SourceColumn& column) { return static_cast<Type>(column.tag); }

}  // namespace chunkmill::sqlite
