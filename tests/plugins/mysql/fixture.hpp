// A MySQL sink driven as the host does it, and a second look at its tables.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"
#include "plugins/sinks/mysql/sink.hpp"
#include "tests/plugins/mysql/server.hpp"

namespace chunkmill::mysql {

using testing::BadRow;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::Rows;
using testing::TestChunk;

// One object of the plugin.
class MysqlRun : public testing::SinkRun {
 public:
  explicit MysqlRun(Map options) : SinkRun(testing::sink_api<MysqlSink>(), std::move(options)) {}

  // From now on it works for this run.
  MysqlRun& as(const std::string& id, uint64_t epoch = 1) {
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
inline Schema people() {
  return Schema{{Field{"id", Type::kInt64, false}, Field{"name", Type::kUtf8, true}}};
}
inline Rows people_rows(const std::vector<CellRow>& rows) { return Rows(people(), rows); }

}  // namespace chunkmill::mysql
