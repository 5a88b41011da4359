// A MySQL sink driven as the host does it, and a second look at its tables.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plugins/databases/mysql/sink.hpp"
#include "tests/plugins/mysql/server.hpp"
#include "tests/sql/sink_run.hpp"

namespace chunkmill::mysql {

using testing::BadRow;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::people;
using testing::people_rows;
using testing::Rows;
using testing::TestChunk;

using MysqlRun = testing::SqlSinkRun<MysqlSink>;

}  // namespace chunkmill::mysql
