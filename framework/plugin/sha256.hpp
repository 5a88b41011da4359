// SHA-256 (FIPS 180-4). Our own, because no library that a room may use brings one, and
// plugins.lock alone would be a poor reason to link a cryptography library into the host.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "framework/core/status.hpp"

namespace chunkmill::host {

class Sha256 {
 public:
  void update(std::string_view bytes);
  // Lower-case hex, 64 characters. Ends the object's use.
  std::string finish();

 private:
  void block(const unsigned char* bytes);

  std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_{};
  uint64_t size_ = 0;  // bytes seen
};

// kPlugin where the file cannot be read.
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace chunkmill::host
