// A PostgreSQL sink driven as the host does it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "database.hpp"
#include "plugins/databases/postgres/sink.hpp"
#include "tests/sql/sink_run.hpp"

namespace chunkmill::postgres {

using testing::BadRow;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::people;
using testing::people_rows;
using testing::Rows;
using testing::TestChunk;
using testing::Value;

using PostgresRun = testing::SqlSinkRun<PostgresSink>;

// Options of a sink that writes to `table` of the database, and `more`.
Map writing(const Database& database, const std::string& table, Map more = {});

std::vector<int64_t> rows_of(const std::vector<BadRow>& bad);

}  // namespace chunkmill::postgres
