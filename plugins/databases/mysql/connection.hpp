// A connection to a MariaDB or MySQL server, set up so that it changes no value in silence: strict
// mode, utf8mb4, UTC, READ COMMITTED.
//
// Every call ends: no byte of an answer within the endpoint's `timeout`, and the connection is
// given up. Ownership: owns the client library's connection and the statements it keeps.
// Threads: one at a time for each connection; Interrupts may be raised from any.
#pragma once

#include <mysql.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/sql/connection.hpp"
#include "plugins/databases/mysql/endpoint.hpp"
#include "plugins/databases/mysql/errors.hpp"
#include "plugins/databases/mysql/interrupts.hpp"
#include "plugins/databases/mysql/statement.hpp"

namespace chunkmill::mysql {

using sql::Access;

class Connection final : public sql::Connection {
 public:
  // Throws Error: CM_UNAVAILABLE, CM_PERMISSION, CM_NOT_FOUND (the
  // database), CM_INVALID (TLS), CM_UNSUPPORTED (the server is too old).
  Connection(const Endpoint& endpoint, Access access, std::shared_ptr<Interrupts> interrupts);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  MYSQL* get() const { return mysql_.get(); }
  const Endpoint& endpoint() const { return endpoint_; }
  bool is_mariadb() const { return is_mariadb_; }
  // 101119 for 10.11.19.
  unsigned long version() const { return version_; }
  std::string_view server() const { return is_mariadb_ ? "MariaDB" : "MySQL"; }
  // Whether the server takes many rows for one statement's parameters.
  bool can_bind_arrays() const { return can_bind_arrays_; }
  // The largest statement or batch of parameters that the server takes, in bytes.
  uint64_t max_packet() const { return max_packet_; }

  void run(const std::string& sql) override;
  int64_t execute(const std::string& sql, const sql::Values& parameters) override;
  std::optional<sql::Values> first(const std::string& sql, const sql::Values& parameters) override;
  std::vector<sql::Values> all(const std::string& sql, const sql::Values& parameters) override;

  void begin() override;
  void commit() override;
  void rollback() noexcept override;
  bool in_transaction() const override { return in_transaction_; }
  bool try_lock(const std::string& name) override;
  std::string lock_holder(const std::string& name) override;
  void unlock(const std::string& name) noexcept override;
  // "12/1760000000": the server's number for it, and when the server was started.
  std::string session_id() override;
  bool session_lives(const std::string& id) override;
  void end_session(const std::string& id) override;

  // Begins a transaction that changes nothing and in which every SELECT sees the same rows.
  void begin_reading();
  // Ends the SELECT that is running on this connection, whose rows need not all be read.
  void end_running_select() noexcept;

  // Which row of the statement that failed last was to blame, from 0; -1 where the server does not
  // say. To be asked right after the failure.
  int64_t failed_row(const Fault& fault);

  // Throws what `fault` means, after it has noted what it does to the transaction.
  [[noreturn]] void fail(const Fault& fault, std::string_view doing, std::string_view where = {});

 private:
  struct Close {
    void operator()(MYSQL* mysql) const { mysql_close(mysql); }
  };

  void set_options();
  void connect();
  void check_server();
  void set_up(Access access);
  Statement& prepared(const std::string& sql);
  // False: it failed, and fault() says why.
  bool try_run(const std::string& sql);
  Fault fault() const { return Fault::of(mysql_.get()); }

  Endpoint endpoint_;
  std::shared_ptr<Interrupts> interrupts_;
  std::unique_ptr<MYSQL, Close> mysql_;
  std::unique_ptr<LiveSocket> socket_;
  std::map<std::string, Statement> statements_;
  bool is_mariadb_ = false;
  bool can_bind_arrays_ = false;
  bool in_transaction_ = false;
  unsigned long version_ = 0;
  uint64_t max_packet_ = 0;
  int64_t number_ = 0;  // the server's for it
  std::string session_id_;
};

}  // namespace chunkmill::mysql
