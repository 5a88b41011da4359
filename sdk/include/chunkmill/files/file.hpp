// A file descriptor with an owner, and the few calls on it that plugins need, made whole: short
// writes and interrupted calls are completed. Failure: Error with the path, the reason and what
// to do. Threads: any, each file one at a time.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "chunkmill/error.hpp"

namespace chunkmill::files {

// An Error for `path`: "<path> <what>: <reason>".
inline Error file_error(const std::string& path, const std::string& what, int reason) {
  const auto with = [&](cm_code code, const std::string& advice = {}) {
    return Error(code, path + " " + what + ": " + std::strerror(reason) + advice)
        .at(path)
        .vendor(reason);
  };
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return with(CM_NOT_FOUND);
    case EACCES:
    case EPERM:
    case EROFS:
      return with(CM_PERMISSION);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return with(CM_FULL, "; make room and run the same command again, the run resumes from here");
    default:
      return with(CM_IO);
  }
}

class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int fd) : fd_(fd) {}
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void close() { *this = OpenFile(); }

 private:
  int fd_ = -1;
};

// Opens with open(2)'s `flags`.
inline OpenFile open_file(const std::string& path, int flags) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) throw file_error(path, "cannot be opened", errno);
  return OpenFile(fd);
}

// As open_file(), but a file that is not there is no failure: the result owns nothing.
inline OpenFile open_if_there(const std::string& path, int flags) {
  try {
    return open_file(path, flags);
  } catch (const Error& error) {
    if (error.code() != CM_NOT_FOUND) throw;
    return OpenFile();
  }
}

inline struct stat facts_of(const OpenFile& file, const std::string& path) {
  struct stat facts {};
  if (fstat(file.fd(), &facts) != 0) throw file_error(path, "cannot be examined", errno);
  return facts;
}

inline void write_at(const OpenFile& file, const std::string& path, uint64_t offset,
                     std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw file_error(path, "cannot be written", errno);
    bytes.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
}

// Up to `room` bytes from `offset` on; fewer only at the end of the file.
inline size_t read_at(const OpenFile& file, const std::string& path, uint64_t offset, char* out,
                      size_t room) {
  size_t done = 0;
  while (done < room) {
    const ssize_t count =
        pread(file.fd(), out + done, room - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw file_error(path, "cannot be read", errno);
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  return done;
}

inline std::string read_whole(const OpenFile& file, const std::string& path) {
  std::string text(static_cast<size_t>(facts_of(file, path).st_size), '\0');
  text.resize(read_at(file, path, 0, text.data(), text.size()));
  return text;
}

inline void truncate_to(const OpenFile& file, const std::string& path, uint64_t size) {
  int failed = 0;
  do {
    failed = ftruncate(file.fd(), static_cast<off_t>(size));
  } while (failed != 0 && errno == EINTR);
  if (failed != 0) throw file_error(path, "cannot be truncated", errno);
}

// Returns when the file's bytes are on the disk.
inline void sync_data(const OpenFile& file, const std::string& path) {
  if (fdatasync(file.fd()) != 0) throw file_error(path, "cannot be synced to disk", errno);
}

inline std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Returns when names given and taken in the folder of `path` are on the disk. File systems that
// cannot sync a folder keep their names by themselves.
inline void sync_folder_of(const std::string& path) {
  const OpenFile folder = open_file(folder_of(path), O_RDONLY | O_DIRECTORY);
  if (fsync(folder.fd()) != 0 && errno != EINVAL && errno != ENOTSUP)
    throw file_error(folder_of(path), "cannot be synced to disk", errno);
}

inline void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) throw file_error(path, "cannot be removed", errno);
}

inline void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw file_error(from, "cannot be renamed to " + to, errno);
}

// Keeps other processes out of a file while it lives. A file system without locks leaves it to
// people not to write one file twice at once.
class FileLock {
 public:
  explicit FileLock(const OpenFile& file) : fd_(file.fd()) {
    while (flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FileLock() { flock(fd_, LOCK_UN); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

}  // namespace chunkmill::files
