// Who is at work on the jobs of a database: the connections of each worker, in the table
// chunkmill_worker. A worker lives while the connection that says so from time to time is there and
// has said so within the lease: a process that was killed is gone as soon as the server has
// noticed, one that hangs or cannot be reached when the lease is over.
//
// Threads: any number of Workers over one database, each call with a Connection of the caller's.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::sql {

class Workers {
 public:
  explicit Workers(const Dialect& dialect);

  std::string create_table() const;
  // Registers `connection` as one of `worker`; `beats`: the one that says that it lives.
  void enter(Connection& connection, const std::string& worker, bool beats) const;
  // Says that the worker lives. False: it was ended by another.
  bool beat(Connection& connection) const;
  // Takes all connections of `worker` off the list: it has ended them, or is about to.
  void leave(Connection& connection, const std::string& worker) const;

  bool lives(Connection& connection, const std::string& worker, int64_t lease_ms) const;
  // Ends all connections of `worker`, and forgets it.
  void end(Connection& connection, const std::string& worker) const;

 private:
  std::string text(const std::string& statement) const;

  const Dialect* dialect_;
  std::string enter_, beat_, remove_, beating_, sessions_, forget_;
};

inline Workers::Workers(const Dialect& dialect) : dialect_(&dialect) {
  const std::string now = dialect.now_ms();
  enter_ = text("INSERT INTO chunkmill_worker (worker, session, beats, seen) VALUES (?, ?, ?, " +
                now + ")");
  beat_ = text("UPDATE chunkmill_worker SET seen = " + now + " WHERE session = ?");
  remove_ = text("DELETE FROM chunkmill_worker WHERE session = ?");
  beating_ = text("SELECT session, " + now +
                  " - seen FROM chunkmill_worker WHERE worker = ? AND beats = 1");
  sessions_ = text("SELECT session FROM chunkmill_worker WHERE worker = ?");
  forget_ = text("DELETE FROM chunkmill_worker WHERE worker = ?");
}

inline std::string Workers::text(const std::string& statement) const {
  return with_parameters(statement, *dialect_);
}

inline std::string Workers::create_table() const {
  const std::string name = " " + dialect_->key_text_type() + " NOT NULL, ";
  const std::string number = " " + dialect_->column_type(Field{"", Type::kInt64}) + " NOT NULL, ";
  return "CREATE TABLE IF NOT EXISTS chunkmill_worker (worker" + name + "session" + name + "beats" +
         number + "seen" + number + "PRIMARY KEY (session))";
}

inline void Workers::enter(Connection& connection, const std::string& worker, bool beats) const {
  const std::string session = connection.session_id();
  connection.execute(remove_, {session});
  connection.execute(enter_, {worker, session, int64_t{beats ? 1 : 0}});
}

inline bool Workers::beat(Connection& connection) const {
  return connection.execute(beat_, {connection.session_id()}) == 1;
}

inline void Workers::leave(Connection& connection, const std::string& worker) const {
  connection.execute(forget_, {worker});
}

inline bool Workers::lives(Connection& connection, const std::string& worker,
                           int64_t lease_ms) const {
  for (const Values& row : connection.all(beating_, {worker}))
    if (std::get<int64_t>(row[1]) < lease_ms &&
        connection.session_lives(std::get<std::string>(row[0])))
      return true;
  return false;
}

inline void Workers::end(Connection& connection, const std::string& worker) const {
  for (const Values& row : connection.all(sessions_, {worker}))
    connection.end_session(std::get<std::string>(row[0]));
  leave(connection, worker);
}

}  // namespace chunkmill::sql
