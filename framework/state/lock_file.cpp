#include "framework/state/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

namespace chunkmill::host {
namespace {

constexpr int kTries = 200;
constexpr std::chrono::milliseconds kPause(10);

// Who wrote into the lock file last.
struct Owner {
  std::string process;  // empty if it cannot be told
  std::string machine;
};

std::string this_machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

Owner owner_of(int descriptor) {
  std::array<char, 300> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string line(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  const size_t blank = line.find(' ');
  Owner owner{line.substr(0, blank), blank == std::string::npos ? "" : line.substr(blank + 1)};
  if (owner.process.find_first_not_of("0123456789") != std::string::npos) return {};
  return owner;
}

// 0, or errno.
int try_lock(int descriptor, int how) {
  int outcome = 0;
  do {
    outcome = ::flock(descriptor, how | LOCK_NB);
  } while (outcome != 0 && errno == EINTR);
  return outcome == 0 ? 0 : errno;
}

// Another one that wants to share it holds it alone while it opens what is guarded: waits for that.
int try_to_share(int descriptor) {
  int failure = try_lock(descriptor, LOCK_SH);
  for (int i = 0; failure == EWOULDBLOCK && i < kTries; ++i) {
    std::this_thread::sleep_for(kPause);
    failure = try_lock(descriptor, LOCK_SH);
  }
  return failure;
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::filesystem::path& path,
                                   const std::filesystem::path& guarded, bool shared) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return Status(Code::kState,
                  "cannot lock state file " + guarded.string() + ": " + path.string() + ": " +
                      std::strerror(errno) +
                      "; make its folder writable, or keep the state elsewhere with --state DIR");
  }
  LockFile lock(descriptor);
  const std::string elsewhere = "keep this run's state elsewhere with --state DIR";
  int failure = try_lock(descriptor, LOCK_EX);
  if (failure == EWOULDBLOCK && shared) {
    failure = try_to_share(descriptor);
    const Owner owner = owner_of(descriptor);
    // What lies in the file is kept in step through memory that only one machine's processes share.
    if (failure == 0 && owner.machine != this_machine())
      return Status(Code::kState, "state file " + guarded.string() + " is in use on the machine " +
                                      owner.machine + "; here, " + elsewhere);
    if (failure == 0) return lock;
  }
  if (failure == EWOULDBLOCK) {
    const Owner owner = owner_of(descriptor);
    return Status(Code::kState,
                  "state file " + guarded.string() + " is in use by " +
                      (owner.process.empty() ? "another process" : "process " + owner.process) +
                      "; wait for it to end, or " + elsewhere);
  }
  if (failure != 0) {
    return Status(Code::kState,
                  "cannot lock state file " + guarded.string() + ": " + std::strerror(failure) +
                      "; keep the state on a file system with locks, with --state DIR");
  }
  const std::string self = std::to_string(::getpid()) + " " + this_machine() + "\n";
  // The process id only makes the message of a second host nicer: the lock holds without it.
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, self.data(), self.size(), 0);
  return lock;
}

// The kernel lets go of the one lock before it takes the other: somebody may come in between.
bool LockFile::share() { return try_to_share(descriptor_) == 0; }

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace chunkmill::host
