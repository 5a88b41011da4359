// How a PostgreSQL server is reached: the options that its sink and its source share.
//
// Secrets: the password, wherever it came from, leaves this file only towards libpq. What libpq and
// the server say goes through redact() before anybody reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/options.hpp"

namespace chunkmill::postgres {

using Keywords = std::vector<std::pair<std::string, std::string>>;

class ConnectionOptions {
 public:
  // Throws Error(CM_INVALID) at the option; Error(CM_NOT_FOUND) for a password file that cannot be
  // read.
  void configure(Options& opt);

  // As libpq's PQconnectStartParams() wants them. `role` is what the server's list of connections
  // shows.
  Keywords keywords(std::string_view role) const;
  // "host:port/database", for messages.
  const std::string& place() const { return place_; }
  // The schema that tables are made and looked for in; empty: the search path's first.
  const std::string& schema() const { return schema_; }
  int64_t connect_timeout_ms() const { return connect_timeout_.ms; }
  // How long a statement or a commit may go without an answer.
  int64_t timeout_ms() const { return timeout_.ms; }
  // `text` with the password and the url taken out, as they are and percent-encoded.
  std::string redact(std::string text) const;

 private:
  void check();
  void read_password_file();
  void parse_url();
  void keep_secret(const std::string& secret);

  Secret url_;
  std::string host_;
  std::optional<uint16_t> port_;
  std::string database_;
  std::string user_;
  Secret password_;
  Path password_file_;
  std::string sslmode_;
  Path sslrootcert_;
  std::string schema_;
  Duration connect_timeout_{10'000};
  Duration timeout_{60'000};

  std::string place_;
  std::vector<std::string> secrets_;  // longest first
};

}  // namespace chunkmill::postgres
