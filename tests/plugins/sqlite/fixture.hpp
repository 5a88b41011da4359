// A SQLite sink driven through its C table, as the host does it, with options, streams and batches
// in memory; and a second look at the file with SQLite itself.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/sink.hpp"
#include "plugins/sinks/sqlite/sink.hpp"

namespace chunkmill::sqlite {

// An option's value: text, a list or a map.
struct OptionTree {
  using Entries = std::vector<std::pair<std::string, OptionTree>>;
  OptionTree(const char* value) : kind(CM_STRING), text(value) {}
  OptionTree(std::string value) : kind(CM_STRING), text(std::move(value)) {}
  OptionTree(std::vector<std::string> values) : kind(CM_LIST) {
    for (std::string& value : values) entries.emplace_back("", std::move(value));
  }
  OptionTree(Entries map) : kind(CM_MAP), entries(std::move(map)) {}

  int32_t kind;
  std::string text;
  Entries entries;
};
using Map = OptionTree::Entries;
using List = std::vector<std::string>;

cm_options options_of(const OptionTree& root);

// What a call answered.
struct Answer {
  cm_code code = CM_OK;
  bool retryable = false;
  int vendor = 0;
  int64_t row = -1;
  std::string where;
  std::string message;
  bool says(const std::string& words) const { return message.find(words) != std::string::npos; }
};

struct BadRow {
  int64_t row;
  std::string code;
  std::string column;
  std::string message;
};

class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A connection of somebody else's.
class Database {
 public:
  explicit Database(const std::string& path);
  void run(const std::string& sql);
  // Rows as text, columns separated by |, NULL as (null), rows by a newline; typeof() shows types.
  std::string rows(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

// One object of the plugin.
class Driver {
 public:
  explicit Driver(OptionTree options);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  ~Driver();

  Answer created;
  std::vector<BadRow> bad_rows;  // of the last write

  Answer bind(const std::vector<SinkStream>& streams);
  Answer check();
  Answer attach(const std::string& run, uint64_t epoch = 1);
  Answer ledger(std::string* text);
  Answer committed(const std::string& split, cm_split_state* state = nullptr,
                   std::string* position = nullptr);
  Answer open();
  Answer begin(uint64_t sequence, const std::string& from, const std::string& to,
               bool last = false);
  Answer write(const ArrowArray* batch, uint32_t stream = 0);
  Answer commit(uint64_t rows = 0);
  void abort();
  void close();
  Answer finish();
  void interrupt();

  // bind, attach, open: ready for chunks.
  Answer start(const Schema& schema, const std::string& run = "run-1", uint64_t epoch = 1);
  // begin, write, commit of one chunk of split "s"; the first that fails.
  Answer chunk(uint64_t sequence, const ArrowArray* batch, bool last = false);

  std::string split = "s";

 private:
  cm_run run_of(const std::string& run, uint64_t epoch) const;

  OptionTree tree_;
  cm_host host_{};
  cm_sink* sink_ = nullptr;
  cm_sink_lane* lane_ = nullptr;
  std::string run_;
  uint64_t epoch_ = 0;
};

// A batch from rows: columns are filled by `fill` with a BatchBuilder.
template <typename F>
UniqueArray batch_of(const Schema& schema, F&& fill) {
  BatchBuilder builder(schema);
  fill(builder);
  UniqueArray array;
  builder.finish(array.get());
  return array;
}

// id int64 not null, name string.
Schema people();
UniqueArray people_rows(const std::vector<std::pair<int64_t, const char*>>& rows);

}  // namespace chunkmill::sqlite
