// Files to read: opening them, what the system says of them, and which ones a pattern means.
// Failure: Error with the path and what to do. Threads: any.
#pragma once

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/files/file.hpp"

namespace chunkmill::files {

struct FileFacts {
  uint64_t size = 0;
  int64_t mtime_ns = 0;
};

inline OpenFile open_for_reading(const std::string& path) {
  // Not blocking, so that a FIFO without a writer does not hang before it is refused.
  OpenFile file = open_file(path, O_RDONLY | O_NONBLOCK);
  const struct stat facts = facts_of(file, path);
  if (S_ISDIR(facts.st_mode))
    throw Error(CM_INVALID, path + " is a folder; name a file in it, or all with " + path + "/*")
        .at(path);
  if (!S_ISREG(facts.st_mode))
    throw Error(CM_INVALID, path + " is not a regular file; write what it gives to one").at(path);
  return file;
}

inline FileFacts file_facts(const std::string& path) {
  const struct stat facts = facts_of(open_for_reading(path), path);
  return {static_cast<uint64_t>(facts.st_size),
          int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

// A hash of its first 64 KiB: it tells that a file has changed, and keeps nobody out.
inline uint64_t hash_of_head(const std::string& path) {
  std::string head(size_t{64} << 10, '\0');
  head.resize(read_at(open_for_reading(path), path, 0, head.data(), head.size()));
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : head) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

namespace detail {

inline std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const int failed = glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  std::vector<std::string> paths;
  if (failed == 0)
    for (size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  if (failed != 0 && failed != GLOB_NOMATCH) throw file_error(pattern, "cannot be listed", errno);
  std::erase_if(paths, [](const std::string& path) { return std::filesystem::is_directory(path); });
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace detail

// The files that the paths and patterns (*, ?, [abc]) mean; those of one pattern sorted by name. No
// match, a folder, a missing file and a file named twice are errors. A name that exists is meant as
// it stands, even with wildcards in it.
inline std::vector<std::string> find_files(const std::vector<std::string>& patterns) {
  std::vector<std::string> files;
  for (const std::string& pattern : patterns) {
    if (pattern.find_first_of("*?[") == pattern.npos || std::filesystem::exists(pattern)) {
      open_for_reading(pattern);
      files.push_back(pattern);
      continue;
    }
    const std::vector<std::string> found = detail::matches(pattern);
    if (found.empty()) {
      const std::filesystem::path path(pattern);
      throw Error(CM_NOT_FOUND,
                  "no file matches \"" + path.filename().string() + "\" in " + folder_of(pattern))
          .at(pattern);
    }
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.empty()) throw Error(CM_INVALID, "it names no file").at("path");
  std::vector<std::string> sorted = files;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw Error(CM_INVALID, *twice + " is named twice; its rows would be read twice").at("path");
  return files;
}

// The path of each file behind the folder that all of them share: names that stay when the whole
// folder moves.
inline std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::string shared = folder_of(paths.front()) + "/";
  for (const std::string& path : paths) {
    size_t same = 0;
    while (same < shared.size() && same < path.size() && shared[same] == path[same]) ++same;
    shared.resize(same);
  }
  const size_t cut = shared.rfind('/') == shared.npos ? 0 : shared.rfind('/') + 1;
  std::vector<std::string> names;
  for (const std::string& path : paths) names.push_back(path.substr(cut));
  return names;
}

// Bytes in order, wherever they come from. Threads: one at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Reads at most `room` bytes (at least 1) to `out`; 0 at the end, and ever after.
  virtual size_t read(char* out, size_t room) = 0;
};

// The bytes [from, to) of a file. It is an error when the file has become shorter than that.
class FileRange final : public ByteStream {
 public:
  FileRange(const std::string& path, uint64_t from, uint64_t to)
      : file_(open_for_reading(path)), path_(path), at_(from), to_(to) {
    posix_fadvise(file_.fd(), static_cast<off_t>(from), static_cast<off_t>(to - from),
                  POSIX_FADV_SEQUENTIAL);
  }
  size_t read(char* out, size_t room) override {
    room = static_cast<size_t>(std::min<uint64_t>(room, to_ - at_));
    const size_t done = read_at(file_, path_, at_, out, room);
    at_ += done;
    if (done < room)
      throw Error(CM_IO, path_ + " became shorter while it was read: it ends after " +
                             std::to_string(at_) + " of " + std::to_string(to_) +
                             " bytes; restore it, or start again with --restart")
          .at(path_);
    return done;
  }

 private:
  OpenFile file_;
  std::string path_;
  uint64_t at_;
  uint64_t to_;
};

// Reads `count` bytes and forgets them; throws when `path` ends before that.
inline void skip(ByteStream& stream, uint64_t count, const std::string& path) {
  std::vector<char> scrap(size_t{1} << 16);
  while (count > 0) {
    const size_t got =
        stream.read(scrap.data(), static_cast<size_t>(std::min<uint64_t>(count, scrap.size())));
    if (got == 0)
      throw Error(CM_IO, path + " ends before the position to go on from; it is not the input of " +
                             "the earlier run: start again with --restart")
          .at(path);
    count -= got;
  }
}

}  // namespace chunkmill::files
