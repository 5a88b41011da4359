// Files on disk: opening them, what the system says of them, and which ones a pattern means.
// Failure: Error with the path and what to do. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/error.hpp"

namespace chunkmill::csv {

// Owns a file descriptor.
class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OpenFile();
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct FileFacts {
  uint64_t size = 0;
  int64_t mtime_ns = 0;
};

// An Error for `path`: "<path> <what>: <reason>".
Error file_error(const std::string& path, const std::string& what, int reason);

OpenFile open_for_reading(const std::string& path);
FileFacts facts_of(const OpenFile& file);

// True for the path that means standard input: "-", also where the host has put a folder before it.
bool is_standard_input(const std::string& path);

// The files that the paths and patterns (*, ?, [abc]) mean; those of one pattern sorted by name. No
// match, a folder and a missing file are errors.
std::vector<std::string> find_files(const std::vector<std::string>& patterns);

// The path of each file behind the folder that all of them share: names that stay when the whole
// folder moves.
std::vector<std::string> short_names(const std::vector<std::string>& paths);

}  // namespace chunkmill::csv
