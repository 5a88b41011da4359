// A database of its own on the server that the environment names, for one test.
//
// CHUNKMILL_TEST_MYSQL is a url, mysql://user:password@host:port/database, whose user may make
// databases. Without it a test says so and ends: TEST_CASE("...") { CHUNKMILL_NEEDS_MYSQL(); ... }
#pragma once

#include <mysql.h>

#include <memory>
#include <string>

#include "chunkmill/testing.hpp"
#include "plugins/databases/mysql/connection.hpp"

namespace chunkmill::mysql {

bool has_server();

// Ends the test with a warning where there is no server.
#define CHUNKMILL_NEEDS_MYSQL()                                                               \
  if (!::chunkmill::mysql::has_server()) {                                                    \
    WARN(                                                                                     \
        "skipped: CHUNKMILL_TEST_MYSQL is not set; `./dev servers start` starts one and env " \
        "prints it");                                                                         \
    return;                                                                                   \
  }                                                                                           \
  static_assert(true)

// Made empty, dropped at the end. Somebody else's connection to it.
class Database {
 public:
  Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  const Endpoint& endpoint() const { return endpoint_; }
  std::string url() const;
  // The options that lead to it, and more.
  testing::Map options(testing::Map more) const;
  void run(const std::string& sql);
  // Rows as text, columns separated by |, NULL as (null), rows by a newline.
  std::string rows(const std::string& sql);

 private:
  struct Close {
    void operator()(MYSQL* mysql) const { mysql_close(mysql); }
  };

  Endpoint endpoint_;
  std::unique_ptr<MYSQL, Close> mysql_;
};

// `text` as it may stand in a url.
std::string percent_encoded(const std::string& text);

}  // namespace chunkmill::mysql
