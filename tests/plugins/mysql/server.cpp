#include "tests/plugins/mysql/server.hpp"

#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>

namespace chunkmill::mysql {
namespace {

std::string own_name() {
  static std::atomic<int> count = 0;
  return "chunkmill_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

}  // namespace

bool has_server() {
  const char* const url = std::getenv("CHUNKMILL_TEST_MYSQL");
  return url != nullptr && *url != '\0';
}

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char encoded[4];
    std::snprintf(encoded, sizeof encoded, "%%%02X", static_cast<unsigned char>(c));
    out += encoded;
  }
  return out;
}

Database::Database() : mysql_(mysql_init(nullptr)) {
  parse_url(std::getenv("CHUNKMILL_TEST_MYSQL"), &endpoint_);
  const unsigned protocol = MYSQL_PROTOCOL_TCP;
  mysql_optionsv(mysql_.get(), MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  MYSQL* const connected = mysql_real_connect(
      mysql_.get(), endpoint_.host.c_str(), endpoint_.user.c_str(), endpoint_.password.c_str(),
      endpoint_.database.c_str(), endpoint_.port, nullptr, CLIENT_MULTI_STATEMENTS);
  INFO(mysql_error(mysql_.get()));
  REQUIRE(connected != nullptr);
  endpoint_.database = own_name();
  run("SET time_zone = '+00:00'");
  run("CREATE DATABASE " + endpoint_.database + " CHARACTER SET latin1");
  run("USE " + endpoint_.database);
}

Database::~Database() {
  const std::string sql = "DROP DATABASE " + endpoint_.database;
  mysql_real_query(mysql_.get(), sql.data(), sql.size());
}

std::string Database::url() const {
  return "mysql://" + percent_encoded(endpoint_.user) + ":" + percent_encoded(endpoint_.password) +
         "@" + endpoint_.host + ":" + std::to_string(endpoint_.port) + "/" + endpoint_.database;
}

testing::Map Database::options(testing::Map more) const {
  testing::Map all{{"url", url()}};
  for (auto& entry : more) all.push_back(std::move(entry));
  return all;
}

void Database::run(const std::string& sql) {
  INFO(sql);
  int result = mysql_real_query(mysql_.get(), sql.data(), sql.size());
  while (result == 0) {
    mysql_free_result(mysql_store_result(mysql_.get()));
    result = mysql_next_result(mysql_.get());
  }
  INFO(mysql_error(mysql_.get()));
  REQUIRE(result <= 0);
}

std::string Database::rows(const std::string& sql) {
  INFO(sql);
  const int result = mysql_real_query(mysql_.get(), sql.data(), sql.size());
  INFO(mysql_error(mysql_.get()));
  REQUIRE(result == 0);
  MYSQL_RES* const found = mysql_store_result(mysql_.get());
  REQUIRE(found != nullptr);
  std::string out;
  while (const MYSQL_ROW row = mysql_fetch_row(found)) {
    const unsigned long* const sizes = mysql_fetch_lengths(found);
    for (unsigned i = 0; i < mysql_num_fields(found); ++i) {
      if (i > 0) out += "|";
      out += row[i] == nullptr ? "(null)" : std::string(row[i], sizes[i]);
    }
    out += "\n";
  }
  mysql_free_result(found);
  return out;
}

}  // namespace chunkmill::mysql
