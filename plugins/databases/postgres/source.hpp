// The PostgreSQL source: rows of a table, view or query, see chunkmill/sql/source.hpp.
//
// All lanes read one snapshot of the database, taken when the first of them begins: rows that are
// added, changed or removed while the run lasts are not seen. With `page_rows` each page is read as
// it stands at that moment, and no transaction stays open for long.
#pragma once

#include <string>

#include "chunkmill/sql/source.hpp"
#include "plugins/databases/postgres/source_database.hpp"

namespace chunkmill::postgres {

class PostgresSource final : public sql::SqlSource {
 public:
  static constexpr Info kInfo{"postgres", "1.0.0",
                              "Read rows of a table or query of a PostgreSQL database"};

  void configure(Options& opt);
  void interrupt() override { database_.interrupt(); }

 protected:
  sql::SourceDatabase& database() override { return database_; }
  bool reads_as(const sql::SourceColumn& column, const Field& wanted) const override;

 private:
  PostgresSourceDatabase database_;
};

}  // namespace chunkmill::postgres
