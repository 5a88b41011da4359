// Files to read: opening them, what the system says of them, and which ones a pattern means.
// Failure: Error with the path and what to do. Threads: any.
#pragma once

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/files/content.hpp"
#include "chunkmill/files/file.hpp"

namespace chunkmill::files {

// What tells that a file is still the one that was looked at, and what it holds.
struct FileFacts {
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  int64_t ctime_ns = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t content = 0;  // see content_of()

  bool has_all_hashed() const { return size <= kWholeBytes; }
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

namespace detail {

inline FileFacts facts_from(const struct stat& said) {
  const auto ns = [](const timespec& time) {
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return {static_cast<uint64_t>(said.st_size),
          ns(said.st_mtim),
          ns(said.st_ctim),
          static_cast<uint64_t>(said.st_dev),
          static_cast<uint64_t>(said.st_ino),
          0};
}

[[noreturn]] inline void throw_changed(const std::string& path, const FileFacts& then,
                                       const FileFacts& now) {
  const bool is_other = then.device != now.device || then.inode != now.inode;
  std::string what = is_other               ? " was replaced by another file"
                     : now.size < then.size ? " became shorter"
                                            : " was changed";
  what += " while it was read";
  if (then.size != now.size)
    what += " (it had " + std::to_string(then.size) + " bytes, now it has " +
            std::to_string(now.size) + ")";
  throw Error(CM_IO, path + what +
                         "; no row of the new version was taken: put the old one back and run the "
                         "same command again, or begin anew with --restart")
      .at(path);
}

// Lets `now` pass as the file of `then`. Times alone may have changed where the bytes can be
// compared; then `then` takes them over. The inode number does not count: some file systems give a
// file a new one now and then, and none lets a program choose the time of the last change.
inline void require_same(const OpenFile& file, const std::string& path, FileFacts* then,
                         FileFacts now) {
  const bool same_times = then->mtime_ns == now.mtime_ns && then->ctime_ns == now.ctime_ns;
  if (then->size == now.size && same_times) return;
  const bool tells = then->has_all_hashed() || then->mtime_ns == now.mtime_ns;
  if (then->size != now.size || !tells) throw_changed(path, *then, now);
  now.content = content_of(file, path, now.size);
  if (now.content != then->content) throw_changed(path, *then, now);
  *then = now;
}

}  // namespace detail

// Throws when the open file, or the one that has its path by now, is not the one of `facts`. A file
// that was removed is whole while it is open.
inline void require_unchanged(const OpenFile& file, const std::string& path, FileFacts* facts) {
  detail::require_same(file, path, facts, detail::facts_from(facts_of(file, path)));
  struct stat named {};
  if (stat(path.c_str(), &named) != 0) return;
  const FileFacts now = detail::facts_from(named);
  if (now.size == facts->size && now.mtime_ns == facts->mtime_ns && now.ctime_ns == facts->ctime_ns)
    return;
  const OpenFile other = open_if_there(path, O_RDONLY | O_NONBLOCK);
  if (other) detail::require_same(other, path, facts, now);
}

// Reads as much of the file as its hash needs.
inline FileFacts file_facts(const std::string& path, const InputAdvice& advice = {}) {
  const OpenFile file = open_for_reading(path, advice);
  FileFacts facts = detail::facts_from(facts_of(file, path));
  facts.content = content_of(file, path, facts.size);
  const FileFacts after = detail::facts_from(facts_of(file, path));
  if (after.size != facts.size || after.mtime_ns != facts.mtime_ns)
    throw Error(CM_IO, path +
                           " is being written right now; run the same command again when it is "
                           "complete")
        .at(path);
  return facts;
}

// What a file holds, for a person and for comparison: it stays when the file is touched, copied or
// moved.
inline std::string content_text(const FileFacts& facts) {
  return std::to_string(facts.size) + " bytes, " +
         (facts.has_all_hashed() ? "content " : "samples ") + hex_text(facts.content);
}

// A line of identity() for a file: its name, a tab, what it holds. The host takes such lines for
// inputs of their own: where one comes new, that one alone is read.
inline std::string identity_line(const std::string& name, const FileFacts& facts) {
  std::string line;
  for (const char c : name) {
    if (c == '\t' || c == '\n') {
      line += c == '\t' ? "\\t" : "\\n";
    } else {
      line += c;
    }
  }
  return line + "\t" + content_text(facts) + "\n";
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

// Of a path or pattern, what stands before its first wildcard, up to the last slash.
inline std::string fixed_folder(const std::string& pattern) {
  const size_t wildcard = is_pattern(pattern) ? pattern.find_first_of("*?[") : std::string::npos;
  const size_t slash = pattern.rfind('/', wildcard);
  return slash == pattern.npos ? "" : pattern.substr(0, slash + 1);
}

// What is one file under two names: its device and inode.
using FileKey = std::pair<dev_t, ino_t>;
inline std::optional<FileKey> file_key(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return std::nullopt;
  return FileKey(facts.st_dev, facts.st_ino);
}

// Leaves out links, and what lies behind linked folders, where the pattern finds the file itself
// too: `latest.csv` beside the file that it leads to.
inline void drop_second_names(const std::string& folder, std::vector<std::string>* paths) {
  std::error_code failed;
  const std::filesystem::path root =
      std::filesystem::canonical(folder.empty() ? "." : folder, failed);
  if (failed) return;
  const auto is_link = [&](const std::string& path) {
    const std::filesystem::path real = std::filesystem::canonical(path, failed);
    return !failed && real != root / path.substr(folder.size());
  };
  std::set<FileKey> found;
  for (const std::string& path : *paths)
    if (const std::optional<FileKey> key = file_key(path); key && !is_link(path))
      found.insert(*key);
  std::erase_if(*paths, [&](const std::string& path) {
    const std::optional<FileKey> key = file_key(path);
    return key && found.contains(*key) && is_link(path);
  });
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
  drop_second_names(fixed_folder(pattern), &paths);
  return paths;
}

inline void require_different(const std::vector<std::string>& files) {
  std::map<FileKey, const std::string*> seen;
  for (const std::string& file : files) {
    const std::optional<FileKey> key = file_key(file);
    if (!key) continue;
    const auto [first, is_new] = seen.emplace(*key, &file);
    if (is_new) continue;
    if (*first->second == file)
      throw Error(CM_INVALID, file + " is named twice; its rows would be read twice").at("path");
    throw Error(CM_INVALID, *first->second + " and " + file +
                                " are the same file, by a link or another spelling; its rows would "
                                "be read twice: name one of them")
        .at("path");
  }
}

}  // namespace detail

// The files that the paths and patterns (*, ?, [abc]) mean; those of one pattern sorted by name. No
// match, a folder, a missing file and a file that is found twice, by a link or another spelling,
// are errors; within one pattern the file itself is taken and links to it are left out.
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
  detail::require_different(files);
  return files;
}

// A name for each of `paths`, which `patterns` found: its path behind the folder that all patterns
// share. It stays when that folder moves, and when other files come and go.
inline std::vector<std::string> short_names(const std::vector<std::string>& patterns,
                                            const std::vector<std::string>& paths) {
  std::string shared = detail::fixed_folder(patterns.front());
  for (const std::string& pattern : patterns) {
    const std::string folder = detail::fixed_folder(pattern);
    const auto differ =
        std::mismatch(shared.begin(), shared.end(), folder.begin(), folder.end()).first;
    shared.erase(differ, shared.end());
  }
  shared.resize(shared.rfind('/') + 1);  // npos + 1 is 0
  std::vector<std::string> names;
  names.reserve(paths.size());
  for (const std::string& path : paths)
    names.push_back(path.starts_with(shared) ? path.substr(shared.size()) : path);
  return names;
}

}  // namespace chunkmill::files
