// How MariaDB's values are written and compared where they are read. Threads: any.
#pragma once

#include <string>

#include "chunkmill/sql/source_dialect.hpp"

namespace chunkmill::mysql {

class MysqlSourceDialect final : public sql::SourceDialect {
 public:
  std::string literal(const sql::SourceColumn& column, std::string_view text) const override;
  // Throws Error(CM_INVALID) for ENUM and SET, which are ordered by their numbers and compared by
  // their text.
  sql::SourceColumn key_column(const sql::SourceColumn& column) const override;
  // It is known, and no index used for it.
  bool compares_rows() const override { return false; }
  std::string older_than(const std::string& name, int64_t milliseconds) const override;
};

}  // namespace chunkmill::mysql
