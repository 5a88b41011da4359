// A PostgreSQL database to read from. All its connections read one snapshot, which a connection of
// its own holds open from the first SELECT on.
//
// Threads: any; each connection is used by one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "chunkmill/sql/source_database.hpp"
#include "plugins/databases/postgres/connection.hpp"
#include "plugins/databases/postgres/dialect.hpp"
#include "plugins/databases/postgres/source_dialect.hpp"

namespace chunkmill::postgres {

class PostgresSourceDatabase final : public sql::SourceDatabase {
 public:
  // Set before anything is read.
  ConnectionOptions& options() { return server_->options; }
  PostgresSourceDialect& settings() { return source_dialect_; }
  bool shares_snapshot = true;  // false: each transaction sees what is committed when it begins

  // Ends every connection, now and from now on.
  void interrupt() { server_->watchdog.interrupt(); }

  const sql::Dialect& dialect() const override { return dialect_; }
  const sql::SourceDialect& source_dialect() const override { return source_dialect_; }
  std::string place() const override { return server_->options.place(); }
  std::unique_ptr<sql::Connection> connect() override;
  void begin_reading(sql::Connection& db) override;
  std::optional<sql::SourceTable> read_table(sql::Connection& db, const std::string& name) override;
  std::vector<std::string> table_names(sql::Connection& db) override;
  std::vector<sql::SourceColumn> describe(sql::Connection& db, const std::string& select) override;
  std::unique_ptr<sql::RowStream> stream(sql::Connection& db, const std::string& select,
                                         const sql::ReadColumns& columns) override;

 private:
  std::unique_ptr<Connection> connect(Idle idle);
  std::string snapshot();

  std::shared_ptr<Server> server_ = std::make_shared<Server>();
  PostgresDialect dialect_;
  PostgresSourceDialect source_dialect_;

  Mutex mutex_;
  // Its transaction is the snapshot.
  std::unique_ptr<Connection> keeper_ CHUNKMILL_GUARDED_BY(mutex_);
  std::string snapshot_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::postgres
