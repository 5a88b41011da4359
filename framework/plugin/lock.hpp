// plugins.lock: which plugin files a run may load.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/plugin/kind.hpp"

namespace chunkmill::host {

struct LockedPlugin {
  Kind kind;
  std::string name;
  std::string version;
  std::string sha256;  // of the file, in lower-case hex
};

// PluginLock is the list in a plugins.lock file: one line a plugin, `kind name version sha256`;
// lines that begin with # and empty lines are skipped. Value type.
class PluginLock {
 public:
  explicit PluginLock(std::vector<LockedPlugin> plugins, std::string origin = "plugins.lock");

  // kUsage with file and line where a line is not as above, or there twice.
  static Result<PluginLock> read(const std::filesystem::path& file);
  // Writes a temporary file and renames it over `file`.
  Status write(const std::filesystem::path& file) const;

  // Ok when the plugin is pinned and `file` has the pinned bytes and version; kPlugin otherwise,
  // saying which of them differs.
  Status verify(Kind kind, std::string_view name, std::string_view version,
                const std::filesystem::path& file) const;

  const std::vector<LockedPlugin>& plugins() const { return plugins_; }

 private:
  std::vector<LockedPlugin> plugins_;
  std::string origin_;  // for messages
};

}  // namespace chunkmill::host
