// A MySQL source driven as the host does it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"
#include "chunkmill/testing/source_run.hpp"
#include "plugins/databases/mysql/source.hpp"
#include "tests/plugins/mysql/server.hpp"

namespace chunkmill::mysql {

using testing::List;
using testing::Map;
using testing::Outcome;
using testing::Read;

class MysqlRead : public testing::SourceRun {
 public:
  explicit MysqlRead(Map options, testing::MemoryHost* host = nullptr)
      : SourceRun(testing::source_api<MysqlSource>(), std::move(options), host) {}
};

using Lines = std::vector<std::string>;

}  // namespace chunkmill::mysql
