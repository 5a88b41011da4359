// What the tests of file plugins stand on besides chunkmill/testing.hpp: a folder that removes
// itself, and plugin objects called as they are, without the C table.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"

namespace chunkmill::rig {

using testing::BadRow;
using testing::BadRows;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Rows;
using testing::TestChunk;

inline testing::MemoryHost& test_host() {
  static testing::MemoryHost host;
  return host;
}

// A plugin object with these options.
template <typename T>
std::unique_ptr<T> make(Map options) {
  const testing::Value root(std::move(options));
  const cm_options tree = root.abi();
  return detail::create_plugin<T>(test_host().abi(), &tree);
}

// Removes itself.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "chunkmill-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  ~Folder() {
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(path_);
  }

  std::string path(const std::string& name = {}) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    if (!in) throw std::runtime_error("there is no file " + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

inline Run run_of(const std::string& run = "run-1", uint64_t epoch = 1,
                  const std::string& job = "job") {
  return {job, run, "fingerprint", "test", epoch};
}

// Writes a batch; the bad rows that were reported.
inline std::vector<BadRow> write_batch(SinkLane& lane, const Batch& batch) {
  std::vector<BadRow> reports;
  BadRows bad(&reports);
  const cm_row_errors sink = bad.abi();
  RowErrors errors(&sink);
  try {
    lane.write(0, batch, errors);
  } catch (const Error& error) {
    if (error.code() != CM_DATA) throw;
  }
  return reports;
}

// Writes and commits one chunk; false when it was committed already.
inline bool write_chunk(SinkLane& lane, const TestChunk& chunk, const Rows& rows) {
  const cm_chunk abi = chunk.abi();
  if (!lane.begin(Chunk(&abi))) return false;
  write_batch(lane, rows.batch());
  const auto count = static_cast<uint64_t>(rows.row_count());
  lane.commit({count, count, 0, 0});
  return true;
}

// The message of the Error that `call` throws.
template <typename F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}
template <typename F>
cm_code code_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return CM_OK;
}

}  // namespace chunkmill::rig
