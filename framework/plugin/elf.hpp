// Just enough of an ELF shared library to read it without running it. No length or offset in the
// file is trusted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/core/status.hpp"

namespace chunkmill::host {

// ElfFile is an open ELF shared library of this machine's class, byte order and processor.
// Move-only; closes the file. Threads: one at a time.
class ElfFile {
 public:
  // kPlugin, naming the file, where it is not such a library. A FIFO or device is refused without
  // being waited for.
  static Result<ElfFile> open(const std::filesystem::path& path);

  ElfFile(ElfFile&& other) noexcept;
  ElfFile& operator=(ElfFile&&) = delete;
  ~ElfFile();

  // The bytes of the section of that name; nothing where there is none. kPlugin where it is larger
  // than `limit` or reaches out of the file.
  Result<std::optional<std::string>> section(std::string_view name, size_t limit) const;

  // The names in .dynsym that others can link against.
  Result<std::vector<std::string>> exported_symbols() const;

 private:
  struct Section {
    std::string name;
    uint64_t offset = 0;
    uint64_t size = 0;
    bool has_bytes = false;
  };

  ElfFile(std::filesystem::path path, int descriptor, uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  Status read_headers();
  Result<std::string> read(uint64_t offset, uint64_t count, const char* what) const;
  Status broken(const std::string& why) const;

  std::filesystem::path path_;
  int descriptor_;
  uint64_t size_;
  std::vector<Section> sections_;
};

}  // namespace chunkmill::host
