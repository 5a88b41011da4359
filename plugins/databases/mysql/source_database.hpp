// A MariaDB or MySQL database to read from.
//
// Each connection reads one instant, from its first SELECT to its last; two connections read two
// instants, for the server shares no snapshot between them.
//
// Threads: any; each connection is used by one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chunkmill/sql/source_database.hpp"
#include "plugins/databases/mysql/connection.hpp"
#include "plugins/databases/mysql/dialect.hpp"
#include "plugins/databases/mysql/endpoint.hpp"
#include "plugins/databases/mysql/source_dialect.hpp"

namespace chunkmill::mysql {

class MysqlSourceDatabase final : public sql::SourceDatabase {
 public:
  void configure(Options& opt) { connection_.configure(opt); }
  // Makes everything that runs or waits end with CM_CANCELLED, now and from now on.
  void interrupt() { interrupts_->raise(); }

  const sql::Dialect& dialect() const override { return dialect_; }
  const sql::SourceDialect& source_dialect() const override { return source_dialect_; }
  std::string place() const override { return connection_.endpoint().text(); }
  std::unique_ptr<sql::Connection> connect() override;
  void begin_reading(sql::Connection& db) override;
  std::optional<sql::SourceTable> read_table(sql::Connection& db, const std::string& name) override;
  std::vector<std::string> table_names(sql::Connection& db) override;
  std::vector<sql::SourceColumn> describe(sql::Connection& db, const std::string& select) override;
  std::unique_ptr<sql::RowStream> stream(sql::Connection& db, const std::string& select,
                                         const sql::ReadColumns& columns) override;

 private:
  ConnectionOptions connection_;
  MysqlDialect dialect_;
  MysqlSourceDialect source_dialect_;
  std::shared_ptr<Interrupts> interrupts_ = std::make_shared<Interrupts>();
};

}  // namespace chunkmill::mysql
