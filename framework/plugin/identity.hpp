// What a plugin file says of itself, read from the file alone: no code of it runs.
#pragma once

#include <filesystem>
#include <string>

#include "framework/core/status.hpp"
#include "framework/plugin/kind.hpp"

namespace chunkmill::host {

// The ELF section `.chunkmill` of a plugin file, checked.
struct Identity {
  Kind kind = Kind::kSource;
  uint32_t flags = 0;  // CM_CALCULATOR_*
  uint32_t abi_minor = 0;
  uint32_t min_host_minor = 0;
  std::string name;
  std::string version;
  std::string summary;
};

// Reads `file` and checks that this host can load it: a regular file, an ELF shared library of this
// machine, with an identity of this ABI major that asks for no newer host. kPlugin otherwise,
// naming the file and what is wrong. Never blocks (a FIFO is refused), and trusts no length or
// offset in the file.
Result<Identity> read_identity(const std::filesystem::path& file);

}  // namespace chunkmill::host
