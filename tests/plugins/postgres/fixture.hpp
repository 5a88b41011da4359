// A PostgreSQL sink driven as the host does it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"
#include "database.hpp"
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

// Options of a sink that writes to `table` of the database, and `more`.
Map writing(const Database& database, const std::string& table, Map more = {});

// id int64 not null, name string.
Schema people();
Rows people_rows(const std::vector<CellRow>& rows);
std::vector<int64_t> rows_of(const std::vector<BadRow>& bad);

}  // namespace chunkmill::postgres
