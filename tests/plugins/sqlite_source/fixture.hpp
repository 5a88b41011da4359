// A SQLite file in a folder that removes itself, and a source over it driven as the host does it.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"
#include "plugins/databases/sqlite/source.hpp"

namespace chunkmill::sqlite {

using testing::BadRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::Read;
using testing::SourceRun;
using Lines = std::vector<std::string>;

class File {
 public:
  // With the tables that `sql` makes.
  explicit File(const std::string& sql = {});
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  std::string path() const { return (folder_ / "in.db").string(); }
  void run(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::filesystem::path folder_;
  std::unique_ptr<sqlite3, Close> db_;
};

// Options that name the file, and more.
Map reading(const File& file, Map more);

// A source over the file; `log` is what it said to the host.
class Reader {
 public:
  Reader(const File& file, Map options)
      : source_(testing::source_api<SqliteSource>(), reading(file, std::move(options)), &host_) {}

  SourceRun* operator->() { return &source_; }
  const std::vector<testing::MemoryHost::Line>& log() const { return host_.log; }

 private:
  testing::MemoryHost host_;
  SourceRun source_;
};

// The first thing that goes wrong up to plan().
Outcome first_fault(const File& file, Map options);

}  // namespace chunkmill::sqlite
