// The SQLite source: rows of a table or query, see chunkmill/sql/source.hpp. README.md beside this
// file says how it is used and what becomes of values that do not fit their column.
//
// Each lane reads a snapshot of its own, from its first row to its last. With the write-ahead log
// others write meanwhile, the job's own sink to the same file among them; in other journal modes
// they wait, unless `page_rows` lets them in between.
#pragma once

#include <map>
#include <string>

#include "chunkmill/sql/source.hpp"
#include "plugins/databases/sqlite/source_database.hpp"

namespace chunkmill::sqlite {

class SqliteSource final : public sql::SqlSource {
 public:
  static constexpr Info kInfo{"sqlite", "1.0.0", "Read rows of a table or query of a SQLite file"};

  void configure(Options& opt);
  Schema schema() override;
  void interrupt() override { database_.interrupt(); }

 protected:
  sql::SourceDatabase& database() override { return database_; }
  bool reads_as(const sql::SourceColumn& column, const Field& wanted) const override;

 private:
  SqliteSourceDatabase database_;
};

}  // namespace chunkmill::sqlite
