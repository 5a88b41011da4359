// A connection to a PostgreSQL server. libpqxx keeps the transactions and the parameters; COPY
// streams go through libpq on the same connection, for libpqxx has no binary COPY.
//
// The handle that both use is made by a connection policy of ours, libpqxx's own way of saying how
// to connect. A lost connection stays lost: the owner makes a new one.
//
// Ownership: a Connection owns its handle. Threads: one at a time for each connection.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chunkmill/sql/connection.hpp"
#include "plugins/databases/postgres/endpoint.hpp"
#include "plugins/databases/postgres/errors.hpp"
#include "plugins/databases/postgres/watchdog.hpp"

namespace chunkmill::postgres {

// Where the rows of a COPY ... FROM STDIN go.
class CopyIn {
 public:
  virtual ~CopyIn() = default;
  virtual void put(const char* data, size_t size) = 0;
};

// How many rows a COPY took, and how many a later INSERT of the same message stored; -1: there was
// none.
struct Copied {
  int64_t copied = -1;
  int64_t inserted = -1;
};

// A server as a plugin knows it. Shared by the plugin and its connections, of which the sinks' base
// keeps some longer than the plugin's own members.
struct Server {
  ConnectionOptions options;
  Watchdog watchdog;
};

// How long the server keeps a transaction open for a client that does nothing.
enum class Idle {
  kEndsTransaction,   // a worker that is frozen must not hold its rows for good
  kKeepsTransaction,  // a snapshot must live as long as the run
};

// A column of a SELECT.
struct ResultColumn {
  std::string name;
  uint32_t type = 0;     // its number in pg_type
  int type_detail = -1;  // precision, scale, length: as format_type() takes it
};

class Connection final : public sql::Connection {
 public:
  // `role` is what the server's list of connections shows. Throws Error: CM_UNAVAILABLE,
  // CM_PERMISSION, CM_NOT_FOUND, CM_UNSUPPORTED for a server that is too old.
  Connection(std::shared_ptr<Server> server, std::string_view role, sql::Access access,
             Idle idle = Idle::kEndsTransaction);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  void run(const std::string& sql) override;
  int64_t execute(const std::string& sql, const sql::Values& parameters) override;
  std::optional<sql::Values> first(const std::string& sql, const sql::Values& parameters) override;
  std::vector<sql::Values> all(const std::string& sql, const sql::Values& parameters) override;
  void begin() override;
  void commit() override;
  void rollback() noexcept override;
  bool in_transaction() const override;
  bool try_lock(const std::string& name) override;
  std::string lock_holder(const std::string& name) override;
  void unlock(const std::string& name) noexcept override;
  std::string session_id() override;
  bool session_lives(const std::string& id) override;
  void end_session(const std::string& id) override;

  // Runs `sql`, statements of which one is a COPY ... FROM STDIN, with what `feed` puts, and says
  // what the server's answers say of the rows. A Failure: the server refused, and the transaction
  // waits to be rolled back. Throws Error where the connection is lost, and what `feed` throws.
  std::variant<Copied, Failure> copy_in(const std::string& sql,
                                        const std::function<void(CopyIn&)>& feed);

  // Begins a COPY ... TO STDOUT. Then copy_row() gives row after row.
  void begin_copy_out(const std::string& sql);
  // The bytes of the next row, valid until the next call; nothing at the end.
  std::optional<std::string_view> copy_row();
  // Gives the rest of it up.
  void stop_copy_out() noexcept;

  // The columns of a SELECT, which the server reads and does not run. A Failure: what is wrong
  // with it.
  std::variant<std::vector<ResultColumn>, Failure> describe(const std::string& select);

  int server_version() const;
  const ConnectionOptions& options() const { return server_->options; }
  // Counts the transactions that were begun here.
  int64_t transaction() const { return transactions_; }
  // What a failure of the server means; `doing` begins the message, `where` is a table or empty for
  // the server's place.
  Error error_of(const Failure& failure, std::string_view doing, std::string_view where = {}) const;

 private:
  struct State;  // all that needs the client libraries' headers

  template <typename F>
  auto answered(std::string_view doing, F&& call);
  Error lost(std::string_view doing) const;
  void set_up(sql::Access access, Idle idle);

  std::shared_ptr<Server> server_;
  std::unique_ptr<State> state_;
  std::string session_;  // once it was asked for
  int64_t transactions_ = 0;
};

// Throws Error(CM_UNSUPPORTED) for a server that is too old; `version` as libpq numbers it.
void check_server_version(int version, std::string_view place);

// 'text' as a literal, for statements that take no parameters.
std::string quote_literal(std::string_view text);

}  // namespace chunkmill::postgres
