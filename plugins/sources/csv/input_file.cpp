#include "input_file.hpp"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace chunkmill::csv {
namespace {

// glob(3) reads a path without wildcards letter for letter only when it holds no backslash.
bool has_wildcard(const std::string& path) { return path.find_first_of("*?[") != path.npos; }

// A name that exists is meant as it stands, even with wildcards in it.
bool exists(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0;
}

std::vector<std::string> matches(const std::string& pattern) {
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

}  // namespace

OpenFile::~OpenFile() {
  if (fd_ >= 0) close(fd_);
}

Error file_error(const std::string& path, const std::string& what, int reason) {
  const cm_code code = reason == ENOENT                      ? CM_NOT_FOUND
                       : reason == EACCES || reason == EPERM ? CM_PERMISSION
                                                             : CM_IO;
  return Error(code, path + " " + what + ": " + std::strerror(reason)).at(path).vendor(reason);
}

OpenFile open_for_reading(const std::string& path) {
  // Not blocking, so that a FIFO without a writer does not hang before it is refused.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw file_error(path, "cannot be opened", errno);
  OpenFile file(fd);
  struct stat facts {};
  if (fstat(fd, &facts) != 0) throw file_error(path, "cannot be read", errno);
  if (S_ISDIR(facts.st_mode))
    throw Error(CM_INVALID,
                path + " is a folder; name a file in it, or all with " + path + "/*.csv")
        .at(path);
  if (!S_ISREG(facts.st_mode))
    throw Error(CM_INVALID, path + " is not a regular file; to read a pipe give it as standard " +
                                "input and set path: \"-\"")
        .at(path);
  return file;
}

FileFacts facts_of(const OpenFile& file) {
  struct stat facts {};
  if (fstat(file.fd(), &facts) != 0) throw file_error("the file", "cannot be read", errno);
  return {static_cast<uint64_t>(facts.st_size),
          int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

bool is_standard_input(const std::string& path) { return path == "-" || path.ends_with("/-"); }

std::vector<std::string> find_files(const std::vector<std::string>& patterns) {
  std::vector<std::string> files;
  for (const std::string& pattern : patterns) {
    if (is_standard_input(pattern)) {
      if (patterns.size() > 1)
        throw Error(CM_INVALID, "standard input (\"-\") cannot be read together with other files")
            .at("path");
      files.push_back("-");
    } else if (!has_wildcard(pattern) || exists(pattern)) {
      open_for_reading(pattern);
      files.push_back(pattern);
    } else {
      const std::vector<std::string> found = matches(pattern);
      if (found.empty()) {
        const std::filesystem::path path(pattern);
        throw Error(CM_NOT_FOUND, "no file matches \"" + path.filename().string() + "\" in " +
                                      (path.has_parent_path() ? path.parent_path().string() : "."))
            .at(pattern);
      }
      files.insert(files.end(), found.begin(), found.end());
    }
  }
  if (files.empty()) throw Error(CM_INVALID, "it names no file").at("path");
  std::vector<std::string> sorted = files;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw Error(CM_INVALID, *twice + " is named twice; its rows would be read twice").at("path");
  return files;
}

std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::string shared = std::filesystem::path(paths.front()).parent_path().string() + "/";
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

}  // namespace chunkmill::csv
