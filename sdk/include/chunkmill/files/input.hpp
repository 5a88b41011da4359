// Files to read: opening them, what the system says of them, and which ones a pattern means.
// Failure: Error with the path and what to do. Threads: any.
#pragma once

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/files/file.hpp"

namespace chunkmill::files {

struct FileFacts {
  uint64_t size = 0;
  int64_t mtime_ns = 0;
};

// What to do about a path that is no file to read, as messages say it.
struct InputAdvice {
  std::string_view all_of_folder = "*";
  std::string_view not_regular = "write what it gives to one";
};

inline OpenFile open_for_reading(const std::string& path, const InputAdvice& advice = {}) {
  // Not blocking, so that a FIFO without a writer does not hang before it is refused.
  OpenFile file = open_file(path, O_RDONLY | O_NONBLOCK);
  const struct stat facts = facts_of(file, path);
  if (S_ISDIR(facts.st_mode))
    throw Error(CM_INVALID, path + " is a folder; name a file in it, or all with " + path + "/" +
                                std::string(advice.all_of_folder))
        .at(path);
  if (!S_ISREG(facts.st_mode))
    throw Error(CM_INVALID, path + " is not a regular file; " + std::string(advice.not_regular))
        .at(path);
  return file;
}

inline FileFacts file_facts(const std::string& path, const InputAdvice& advice = {}) {
  const struct stat facts = facts_of(open_for_reading(path, advice), path);
  return {static_cast<uint64_t>(facts.st_size),
          int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

// A hash of the first 64 KiB of a file's `size` bytes: it tells that a file has changed, and keeps
// nobody out.
inline uint64_t hash_of_head(const std::string& path, uint64_t size) {
  std::string head(static_cast<size_t>(std::min<uint64_t>(size, 64U << 10)), '\0');
  head.resize(read_at(open_for_reading(path), path, 0, head.data(), head.size()));
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : head) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// A line of a source's identity: it changes when the file does, and stays when its folder moves.
inline std::string identity_line(const std::string& name, const std::string& path,
                                 const FileFacts& facts) {
  return name + " " + std::to_string(facts.size) + " bytes, changed " +
         std::to_string(facts.mtime_ns) + ", head " +
         std::to_string(hash_of_head(path, facts.size)) + "\n";
}

namespace detail {

// A name that exists is meant as it stands, even with wildcards in it.
inline bool exists(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0;
}

// glob(3) reads a path without wildcards letter for letter only when it holds no backslash.
inline bool is_pattern(const std::string& path) {
  return path.find_first_of("*?[") != path.npos && !exists(path);
}

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
// match, a folder, a missing file and a file named twice are errors.
inline std::vector<std::string> find_files(const std::vector<std::string>& patterns,
                                           const InputAdvice& advice = {}) {
  std::vector<std::string> files;
  for (const std::string& pattern : patterns) {
    if (!detail::is_pattern(pattern)) {
      open_for_reading(pattern, advice);
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
  std::string shared = std::filesystem::path(paths.front()).parent_path().string() + "/";
  for (const std::string& path : paths) {
    size_t same = 0;
    while (same < shared.size() && same < path.size() && shared[same] == path[same]) ++same;
    shared.resize(same);
  }
  const size_t cut = shared.rfind('/') == shared.npos ? 0 : shared.rfind('/') + 1;
  std::vector<std::string> names;
  names.reserve(paths.size());
  for (const std::string& path : paths) names.push_back(path.substr(cut));
  return names;
}

}  // namespace chunkmill::files
