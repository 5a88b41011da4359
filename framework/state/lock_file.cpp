#include "framework/state/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace chunkmill::host {
namespace {

std::string owner_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string owner(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  while (!owner.empty() && owner.back() == '\n') owner.pop_back();
  return owner.find_first_not_of("0123456789") == std::string::npos ? owner : std::string();
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::filesystem::path& path,
                                   const std::filesystem::path& guarded) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return Status(Code::kState,
                  "cannot lock state file " + guarded.string() + ": " + path.string() + ": " +
                      std::strerror(errno) +
                      "; make its folder writable, or keep the state elsewhere with --state DIR");
  }
  LockFile lock(descriptor);
  int outcome = 0;
  do {
    outcome = ::flock(descriptor, LOCK_EX | LOCK_NB);
  } while (outcome != 0 && errno == EINTR);
  if (outcome != 0 && errno == EWOULDBLOCK) {
    const std::string owner = owner_of(descriptor);
    return Status(Code::kState,
                  "state file " + guarded.string() + " is in use by " +
                      (owner.empty() ? "another process" : "process " + owner) +
                      "; wait for it to end, or keep this run's state elsewhere with --state DIR");
  }
  if (outcome != 0) {
    return Status(Code::kState,
                  "cannot lock state file " + guarded.string() + ": " + std::strerror(errno) +
                      "; keep the state on a file system with locks, with --state DIR");
  }
  const std::string self = std::to_string(::getpid()) + "\n";
  // The process id only makes the message of a second host nicer: the lock holds without it.
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, self.data(), self.size(), 0);
  return lock;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace chunkmill::host
