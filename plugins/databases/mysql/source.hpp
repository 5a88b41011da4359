// The MySQL and MariaDB source: rows of a table or query, see chunkmill/sql/source.hpp. The one
// that it is tested with is MariaDB. README.md beside this file says how it is used.
//
// Each lane reads a snapshot of its own, taken when it begins: lanes that begin at different times
// read different instants. A row that moves from a range that is read late to one that was read
// early is missed by such a run; where that matters, read with one worker or keep writers away.
#pragma once

#include "chunkmill/sql/source.hpp"
#include "plugins/databases/mysql/source_database.hpp"

namespace chunkmill::mysql {

class MysqlSource final : public sql::SqlSource {
 public:
  static constexpr Info kInfo{"mysql", "1.0.0",
                              "Read rows of a table or query of a MariaDB or MySQL database"};

  void configure(Options& opt) {
    database_.configure(opt);
    configure_rows(opt);
  }
  void interrupt() override { database_.interrupt(); }

 protected:
  sql::SourceDatabase& database() override { return database_; }
  bool reads_as(const sql::SourceColumn& column, const Field& wanted) const override;

 private:
  MysqlSourceDatabase database_;
};

}  // namespace chunkmill::mysql
