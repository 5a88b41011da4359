// LockFile: keeps a second host away from a state file. For this room only.
#pragma once

#include <filesystem>

#include "framework/core/status.hpp"

namespace chunkmill::host {

// An flock'd file that holds the process id of its owner. The kernel lets go of it when the process
// ends, however it ends; the file itself stays, because to remove it would race with the next
// owner.
class LockFile {
 public:
  // `shared`: others that ask for a shared one may hold it too, on the same machine; the first of
  // them holds it alone until it says share(), and the others wait for that. Code::kState with the
  // other's process id when it is taken. `guarded` is what it protects, for messages.
  static Result<LockFile> acquire(const std::filesystem::path& path,
                                  const std::filesystem::path& guarded, bool shared = false);

  // From here on others may share it. False when another one took it for itself meanwhile.
  [[nodiscard]] bool share();

  LockFile(LockFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace chunkmill::host
