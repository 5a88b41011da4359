#include "framework/plugin/identity.hpp"

#include <cstring>
#include <optional>
#include <string_view>

#include "framework/plugin/elf.hpp"
#include "framework/plugin/folders.hpp"

namespace chunkmill::host {
namespace {

// A later minor may have made the identity larger, but not without bound.
constexpr size_t kMaxIdentitySize = 65536;

template <size_t N>
std::optional<std::string> terminated_text(const char (&field)[N]) {
  const void* end = std::memchr(field, '\0', N);
  if (end == nullptr) return std::nullopt;
  return std::string(field, static_cast<const char*>(end));
}

}  // namespace

Result<Identity> read_identity(const std::filesystem::path& file) {
  const auto broken = [&file](const std::string& why) {
    return Status(Code::kPlugin, "plugin file " + file.string() + ": " + why);
  };
  ASSIGN_OR_RETURN(const ElfFile elf, ElfFile::open(file));
  ASSIGN_OR_RETURN(const auto section, elf.section(CM_IDENTITY_SECTION, kMaxIdentitySize));
  if (!section) {
    return broken(
        "it is a shared library without the section .chunkmill, so it is no chunkmill plugin; "
        "build it with chunkmill_add_plugin and one of the CHUNKMILL_SOURCE, _CALCULATOR, _SINK "
        "or _HOOK macros");
  }
  cm_identity raw;
  if (section->size() < sizeof raw) {
    return broken("its section .chunkmill has " + std::to_string(section->size()) +
                  " bytes, fewer than the " + std::to_string(sizeof raw) + " of an identity");
  }
  std::memcpy(&raw, section->data(), sizeof raw);
  constexpr char kMagic[] = CM_IDENTITY_MAGIC;
  if (std::memcmp(raw.magic, kMagic, sizeof raw.magic) != 0) {
    return broken("its section .chunkmill does not begin with CHUNKML1");
  }
  if (raw.abi_major != CM_ABI_MAJOR) {
    return broken("it is built for plugin ABI " + std::to_string(raw.abi_major) +
                  ", this host speaks " + std::to_string(CM_ABI_MAJOR) +
                  "; build it again with this host's SDK");
  }
  if (raw.min_host_minor > CM_ABI_MINOR) {
    return broken("it needs a host with plugin ABI " + std::to_string(CM_ABI_MAJOR) + "." +
                  std::to_string(raw.min_host_minor) + " or newer, this host has " +
                  std::to_string(CM_ABI_MAJOR) + "." + std::to_string(CM_ABI_MINOR) +
                  "; use a newer chunkmill or an older plugin");
  }
  if (raw.struct_size < sizeof raw || raw.struct_size > section->size()) {
    return broken("its identity says it has " + std::to_string(raw.struct_size) +
                  " bytes, the section has " + std::to_string(section->size()));
  }
  const auto kind = kind_of(raw.kind);
  if (!kind) return broken("its kind is " + std::to_string(raw.kind) + ", which does not exist");
  auto name = terminated_text(raw.name);
  auto version = terminated_text(raw.version);
  auto summary = terminated_text(raw.summary);
  if (!name || !version || !summary || !is_type_name(*name) || version->empty()) {
    return broken("its identity has a bad name, version or summary");
  }
  return Identity{*kind,
                  raw.flags,
                  raw.abi_minor,
                  raw.min_host_minor,
                  std::move(*name),
                  std::move(*version),
                  std::move(*summary)};
}

}  // namespace chunkmill::host
