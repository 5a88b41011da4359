#include "database.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

namespace chunkmill::postgres {

std::string server_url() {
  const char* const url = std::getenv("CHUNKMILL_TEST_POSTGRES");
  if (url != nullptr && *url != '\0') return url;
  WARN("SKIPPED: CHUNKMILL_TEST_POSTGRES names no server; see ./dev servers");
  return {};
}

Database::Database() {
  static int count = 0;
  schema_ = "test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  connection_ = std::make_unique<pqxx::connection>(server_url());
  run("SET client_min_messages = warning; CREATE SCHEMA " + schema_ + "; SET search_path TO " +
      schema_ + "; SET TimeZone = 'UTC'");
}

Database::~Database() {
  try {
    run("DROP SCHEMA " + schema_ + " CASCADE");
  } catch (const std::exception&) {
    // What is left over has a name that no other test has.
  }
}

void Database::run(const std::string& sql) { pqxx::nontransaction(*connection_).exec(sql); }

std::string Database::rows(const std::string& sql) {
  std::string text;
  for (const pqxx::row row : pqxx::nontransaction(*connection_).exec(sql)) {
    for (const pqxx::field field : row)
      text +=
          std::string(field.num() == 0 ? "" : "|") + (field.is_null() ? "(null)" : field.c_str());
    text += '\n';
  }
  return text;
}

testing::Map Database::options(testing::Map more) const {
  testing::Map options{{"url", server_url()}, {"schema", schema_}};
  for (auto& entry : more) options.push_back(std::move(entry));
  return options;
}

}  // namespace chunkmill::postgres
