// Opens a connection with libpq and hands it to libpqxx. Included by connection.cpp alone, so that
// the client libraries' headers stay in this room.
#pragma once

#include <libpq-events.h>
#include <libpq-fe.h>

#include <pqxx/pqxx>

#include "plugins/databases/postgres/endpoint.hpp"
#include "plugins/databases/postgres/errors.hpp"
#include "plugins/databases/postgres/watchdog.hpp"

namespace chunkmill::postgres {

// A connection's handle while it lives, and the last error that the server sent on it.
struct Link {
  PGconn* handle = nullptr;
  Failure failure;

  bool is_alive() const { return handle != nullptr && PQstatus(handle) == CONNECTION_OK; }
};

// Connects within the options' time. Errors of the server go to `link->failure` from then on.
// Throws Error.
void open_link(const ConnectionOptions& options, const Watchdog& watchdog, std::string_view role,
               Link* link);

// The fields of an error result.
Failure failure_of(const PGresult* result);

// Gives libpqxx the connection that there is, once: it makes no second one in silence, which would
// have lost its transaction.
class LinkPolicy final : public pqxx::connectionpolicy {
 public:
  explicit LinkPolicy(Link& link) : connectionpolicy(std::string()), link_(link) {}
  handle do_startconnect(handle orig) override;
  handle do_disconnect(handle orig) noexcept override;

 private:
  Link& link_;
  bool given_ = false;
};

// libpqxx over a Link, which outlives it; it ends the link's connection.
class LinkedConnection final : public pqxx::connection_base {
 public:
  explicit LinkedConnection(Link& link) : connection_base(policy_), policy_(link) { init(); }
  ~LinkedConnection() { close(); }

 private:
  LinkPolicy policy_;
};

}  // namespace chunkmill::postgres
