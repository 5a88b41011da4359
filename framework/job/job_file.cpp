#include "framework/job/job_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "chunkmill/hash.hpp"
#include "framework/job/load.hpp"

namespace chunkmill::host {
namespace {

class OpenFile {
 public:
  // Without blocking: opening a pipe would wait for its writer.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string reason(int error) { return std::strerror(error); }

}  // namespace

void report_too_large(std::uint64_t size, Faults* faults) {
  faults->error({}, "the file has " + std::to_string(size) + " bytes; a job file has at most 1 MiB",
                {}, "Is it a data file? Data is named by a source's path.");
}

std::optional<std::string> read_job_file(const std::string& path, Faults* faults) {
  const OpenFile file(path);
  if (file.descriptor() < 0) {
    faults->error({}, "cannot open the job file: " + reason(errno));
    return std::nullopt;
  }
  struct stat facts {};
  if (::fstat(file.descriptor(), &facts) != 0) {
    faults->error({}, "cannot read the job file: " + reason(errno));
    return std::nullopt;
  }
  if (S_ISDIR(facts.st_mode)) {
    faults->error({}, "it is a folder, not a job file", {}, "Name the .yaml file in it.");
    return std::nullopt;
  }
  if (!S_ISREG(facts.st_mode)) {
    faults->error({}, "it is not a regular file", {}, "Save the job to a file first.");
    return std::nullopt;
  }
  if (facts.st_size > static_cast<off_t>(kMaxJobBytes)) {
    report_too_large(static_cast<std::uint64_t>(facts.st_size), faults);
    return std::nullopt;
  }
  std::string text(kMaxJobBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.descriptor(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      faults->error({}, "cannot read the job file: " + reason(errno));
      return std::nullopt;
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

std::string absolute_path(const std::string& path) {
  std::error_code ignored;  // the current folder may be gone; the path as given then has to do
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return ignored ? path : absolute.lexically_normal().string();
}

std::string job_id(const std::string& name, const std::string& path) {
  std::error_code failed;
  std::filesystem::path canonical = std::filesystem::weakly_canonical(path, failed);
  if (failed) canonical = absolute_path(path);
  return name + "@" + hex64(stable_hash(canonical.string())).substr(0, 8);
}

std::string_view without_shard(std::string_view id) { return id.substr(0, id.find("/shard-")); }

}  // namespace chunkmill::host
