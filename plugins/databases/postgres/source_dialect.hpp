// How PostgreSQL's values are written and compared where they are read.
//
// Timestamps without a time zone are read in the job's `time_zone`. Positions and ranges of them
// hold the clock's time as it stands in the table: with summer time, two times of a clock may be
// one in UTC. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chunkmill/sql/source_dialect.hpp"

namespace chunkmill::postgres {

class PostgresSourceDialect final : public sql::SourceDialect {
 public:
  std::string time_zone;  // of timestamps without one; empty: not known

  std::string literal(const sql::SourceColumn& column, std::string_view text) const override;
  std::string bound(const sql::SourceColumn& column, int64_t value) const override;
  std::string read_expression(const sql::SourceColumn& column,
                              const std::string& name) const override;
  sql::SourceColumn key_column(const sql::SourceColumn& column) const override;
  std::string older_than(const std::string& name, int64_t milliseconds) const override;
  std::optional<int64_t> grid_value(const sql::SourceColumn& column,
                                    std::string_view text) const override;

 private:
  bool is_of_another_zone(const sql::SourceColumn& column) const;
};

}  // namespace chunkmill::postgres
