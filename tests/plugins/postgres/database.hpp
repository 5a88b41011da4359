// The server that CHUNKMILL_TEST_POSTGRES, a url, says, for tests of the sink and of the source.
// Without it the tests that need one are skipped, loudly.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>

#include "chunkmill/testing.hpp"

namespace chunkmill::postgres {

// The server's url; empty, and a warning, where there is none.
std::string server_url();

// Ends a test that needs a server where there is none.
#define REQUIRE_SERVER() \
  if (server_url().empty()) return

// A schema of its own, dropped at the end, and somebody else's connection to it.
class Database {
 public:
  Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  void run(const std::string& sql);
  // Rows as text, columns separated by |, NULL as (null), rows by a newline.
  std::string rows(const std::string& sql);
  const std::string& schema() const { return schema_; }
  // Options that name the server and the schema, and `more`.
  testing::Map options(testing::Map more) const;

 private:
  std::string schema_;
  std::unique_ptr<pqxx::connection> connection_;
};

}  // namespace chunkmill::postgres
