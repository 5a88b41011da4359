// A PostgreSQL sink driven as the host does it, and a second look at the database with libpqxx
// itself. The server is the one that CHUNKMILL_TEST_POSTGRES, a url, says; without it the tests
// that need one are skipped, loudly.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"
#include "plugins/sinks/postgres/sink.hpp"

namespace chunkmill::postgres {

using testing::BadRow;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::Rows;
using testing::TestChunk;
using testing::Value;

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
  // Options of a sink that writes to `table` here, and `more`.
  Map options(const std::string& table, Map more = {}) const;

 private:
  std::string schema_;
  std::unique_ptr<pqxx::connection> connection_;
};

// One object of the plugin.
class PostgresRun : public testing::SinkRun {
 public:
  explicit PostgresRun(Map options)
      : SinkRun(testing::sink_api<PostgresSink>(), std::move(options)) {}

  // From now on it works for this run.
  PostgresRun& as(const std::string& id, uint64_t epoch = 1) {
    run.run = id;
    run.epoch = epoch;
    return *this;
  }
  using SinkRun::committed;
  Outcome committed(const std::string& of) {
    SplitState ignored;
    return committed(of, &ignored);
  }
};

// id int64 not null, name string.
Schema people();
Rows people_rows(const std::vector<CellRow>& rows);
std::vector<int64_t> rows_of(const std::vector<BadRow>& bad);

}  // namespace chunkmill::postgres
