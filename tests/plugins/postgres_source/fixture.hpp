// A PostgreSQL source driven as the host does it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plugins/databases/postgres/source.hpp"
#include "plugins/postgres/database.hpp"

namespace chunkmill::postgres {

using testing::BadRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::Read;
using testing::SourceRun;
using Lines = std::vector<std::string>;

// A source over the schema of a test; `log` is what it said to the host.
class Reader {
 public:
  Reader(const Database& database, Map options)
      : source_(testing::source_api<PostgresSource>(), database.options(std::move(options)),
                &host_) {}

  SourceRun* operator->() { return &source_; }
  const std::vector<testing::MemoryHost::Line>& log() const { return host_.log; }

 private:
  testing::MemoryHost host_;
  SourceRun source_;
};

}  // namespace chunkmill::postgres
