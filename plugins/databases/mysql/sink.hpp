// The MySQL and MariaDB sink: rows and the ledger in one database, one transaction a chunk. The
// one that it is tested with is MariaDB.
//
// A statement that changes a table commits by itself here: nothing counts on tables being made and
// rows being written together, and `mode: replace` exchanges the tables with one RENAME.
//
// Threads: as the base says; interrupt() may come from any.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chunkmill/sql/shared_sink.hpp"
#include "plugins/databases/mysql/connection.hpp"
#include "plugins/databases/mysql/dialect.hpp"
#include "plugins/databases/mysql/endpoint.hpp"
#include "plugins/databases/mysql/table_writer.hpp"

namespace chunkmill::mysql {

class MysqlSink final : public sql::SharedSqlSink {
 public:
  static constexpr Info kInfo{"mysql", "1.0.0",
                              "Write rows to tables of a MariaDB or MySQL database"};

  void configure(Options& opt);
  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  void check() override;
  // Ends what waits for the server, now and from now on.
  void interrupt() override { interrupts_->raise(); }

 protected:
  const sql::Dialect& dialect() const override { return dialect_; }
  SinkAbilities abilities() const override;
  std::string place() const override;
  std::unique_ptr<sql::Connection> connect(Access access) override;
  std::optional<sql::ExistingTable> read_shape(sql::Connection& db,
                                               const std::string& table) override;
  void check_rights(sql::Connection& db, const sql::Target& target) const override;
  std::unique_ptr<sql::TableWriter> make_writer(sql::Connection& db, const sql::Target& target,
                                                size_t index) override;
  void make_staging(sql::Connection& db, const sql::Target& target) override;
  void swap_staging(sql::Connection& db, const sql::Target& target) override;
  // Drops the tables that were replaced.
  void settle(sql::Connection& db) override;

 private:
  // Throws for a table that is not there and whose name has a dot: who writes it means a table of
  // another database.
  void check_missing(const std::string& table) const;
  // An upsert updates the row that any unique key finds, which need not be the row that `key`
  // means.
  void check_other_keys(sql::Connection& db, const sql::Target& target) const;

  ConnectionOptions connection_;
  WriteWith write_with_ = WriteWith::kAuto;
  MysqlDialect dialect_;
  std::shared_ptr<Interrupts> interrupts_ = std::make_shared<Interrupts>();
};

}  // namespace chunkmill::mysql
