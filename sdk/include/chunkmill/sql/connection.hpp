// A connection to a database, as far as the sinks' base needs it; each database derives its own.
//
// Failure: Error with the facts the host decides by (CM_UNAVAILABLE and retryable where trying
// again may help, CM_PERMISSION, CM_NOT_FOUND, CM_FULL, ...). Threads: one at a time for each
// connection.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "chunkmill/sql/ledger.hpp"

namespace chunkmill::sql {

// What a connection is for.
enum class Access {
  kWrite,  // makes the database's file where there is one and it is missing
  kRead,   // changes no row
  kLook,   // leaves no trace at all
};

class Connection : public Session {
 public:
  // One statement without parameters.
  virtual void run(const std::string& sql) = 0;
  virtual void begin() = 0;
  // Throws Error(CM_COMMIT_UNKNOWN) when the answer was lost.
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  // False once an error made the database give the transaction up by itself.
  virtual bool in_transaction() const = 0;

  // Takes a lock by name unless another connection has it; held until unlock() or the connection's
  // end. Databases that have one writer at a time need none.
  virtual bool try_lock(const std::string& /*name*/) { return true; }
  virtual void unlock(const std::string& /*name*/) noexcept {}
  // The session_id() of the connection that has the lock; empty where none has.
  virtual std::string lock_holder(const std::string& /*name*/) { return {}; }

  // What the server calls this connection, unlike any other before or after; empty where there is
  // no server.
  virtual std::string session_id() { return {}; }
  // Whether that connection is still there, whoever's it is.
  virtual bool session_lives(const std::string& /*id*/) { return false; }
  // Ends another connection; its open transaction is rolled back.
  virtual void end_session(const std::string& /*id*/) {}
};

// A transaction that is rolled back unless it is committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(&connection) { connection.begin(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (connection_ != nullptr) connection_->rollback();
  }
  // Once.
  void commit() {
    connection_->commit();
    connection_ = nullptr;
  }

 private:
  Connection* connection_;
};

// A lock by name that is held for moments only, given back at the end. A connection that has had it
// for longer than `patience_ms` belongs to a worker that hangs: it is ended.
class Locked {
 public:
  Locked(Connection& connection, std::string name, int64_t patience_ms)
      : connection_(connection), name_(std::move(name)) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kPause(10);
    std::string holder;
    Clock::time_point since;
    while (!connection_.try_lock(name_)) {
      std::string now_held_by = connection_.lock_holder(name_);
      if (now_held_by != holder) {
        holder = std::move(now_held_by);
        since = Clock::now();
      } else if (!holder.empty() && Clock::now() - since > std::chrono::milliseconds(patience_ms)) {
        connection_.end_session(holder);
      }
      std::this_thread::sleep_for(kPause);
    }
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { connection_.unlock(name_); }

 private:
  Connection& connection_;
  std::string name_;
};

}  // namespace chunkmill::sql
