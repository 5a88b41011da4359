// The PostgreSQL sink: rows and the ledger in one database, one transaction a chunk, a connection
// for each lane.
//
// Durability is the server's: a commit is on its disk when it answers, unless synchronous_commit
// was turned off there.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chunkmill/sql/shared_sink.hpp"
#include "plugins/databases/postgres/connection.hpp"
#include "plugins/databases/postgres/dialect.hpp"

namespace chunkmill::postgres {

class PostgresSink final : public sql::SharedSqlSink {
 public:
  static constexpr Info kInfo{"postgres", "1.0.0", "Write rows to tables of a PostgreSQL database"};

  void configure(Options& opt);
  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  // Warns of sequences that the rows would leave behind.
  void check() override;
  void attach(const Run& run) override;
  // Sets the sequences behind the loaded numbers, or warns of them.
  void finish(const Run& run) override;
  // Ends every connection: what a lane has in hand is rolled back by the server.
  void interrupt() override { server_->watchdog.interrupt(); }

 protected:
  const sql::Dialect& dialect() const override { return dialect_; }
  SinkAbilities abilities() const override;
  std::string place() const override { return server_->options.place(); }
  std::unique_ptr<sql::Connection> connect(sql::Access access) override;
  std::optional<sql::ExistingTable> read_shape(sql::Connection& db,
                                               const std::string& table) override;
  void check_rights(sql::Connection& db, const sql::Target& target) const override;
  std::unique_ptr<sql::TableWriter> make_writer(sql::Connection& db, const sql::Target& target,
                                                size_t index) override;
  void make_staging(sql::Connection& db, const sql::Target& target) override;
  void swap_staging(sql::Connection& db, const sql::Target& target) override;

 private:
  void mind_sequences(Connection& db, const sql::Target& target);

  // Shared with its connections, see there.
  std::shared_ptr<Server> server_ = std::make_shared<Server>();
  PostgresDialect dialect_;
  bool advances_sequences_ = false;
  std::string role_ = "chunkmill";
};

}  // namespace chunkmill::postgres
