// Where a MySQL or MariaDB server is and how to get in: the options that the sink and the source
// have in common.
//
//   url: mysql://user:password@host:port/database?tls=verify; or
//   host, port, socket, database, user, password or password_file, tls, tls_ca
//
// Failure: Error(CM_INVALID) at the option's path; no message holds the url or the password.
// Threads: [control] for configure(), any for the rest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/options.hpp"

namespace chunkmill::mysql {

enum class Tls {
  kDisable,  // never
  kPrefer,   // where the server can
  kRequire,  // else no connection; whoever answers is believed
  kVerify    // and the server's certificate must be good for its host
};

struct Endpoint {
  std::string host = "localhost";
  uint16_t port = 3306;
  std::string socket;  // of a server on this machine; goes before the host
  std::string database;
  std::string user;
  std::string password;
  Tls tls = Tls::kPrefer;
  std::string tls_ca;
  int64_t connect_timeout_ms = 10'000;
  int64_t timeout_ms = 60'000;  // for an answer of the server

  // For messages: "etl@db.example:3306/warehouse".
  std::string text() const;
};

// Sets what `url` says. Throws Error(CM_INVALID) whose message does not show it.
void parse_url(std::string_view url, Endpoint* out);

class ConnectionOptions {
 public:
  void configure(Options& opt);
  // Reads the password's file, so that a password may change while a job lasts.
  Endpoint endpoint() const;

 private:
  void check() const;

  Secret url_;
  Endpoint plain_;
  Path socket_;
  Secret password_;
  Path password_file_;
  Path tls_ca_;
  Duration connect_timeout_{10'000};
  Duration timeout_{60'000};
};

}  // namespace chunkmill::mysql
