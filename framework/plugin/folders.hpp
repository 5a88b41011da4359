// Where plugin files may lie, and the rules a file must keep to be opened at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/plugin/kind.hpp"

namespace chunkmill::host {

// A type name is 1 to 63 of [a-z0-9_.], without "..", and neither begins nor ends with a dot: it
// cannot name another folder.
bool is_type_name(std::string_view name);

// KIND.NAME.so, the only file name under which a plugin is found.
std::string plugin_file_name(Kind kind, std::string_view name);

// PluginFolders is the list of folders that plugins are opened from, in the order they are
// searched. A plugin is found by its path alone, no folder is scanned for it. Reads the file system
// only; runs nothing. Threads: immutable, any.
class PluginFolders {
 public:
  // A file of a folder that is named like a plugin; `fault` says why it may not be opened.
  struct File {
    std::filesystem::path path;
    Kind kind;
    std::string name;
    Status fault;
  };

  explicit PluginFolders(std::vector<std::filesystem::path> folders)
      : folders_(std::move(folders)) {}

  // `given` (--plugin-dir) first, then $CHUNKMILL_PLUGIN_PATH (separated by colons), then plugins/
  // beside the executable, then lib*/chunkmill/plugins of the prefix that the executable's bin/
  // lies in.
  static PluginFolders standard(std::vector<std::filesystem::path> given);

  // The real path of the plugin's file. kNotFound: in none of the folders. kUsage: not a type name.
  // kPlugin: the file, or the folder it lies in, breaks a rule (others can write it, it is not
  // ours, it leads out of the folder, it is no regular file).
  Result<std::filesystem::path> find(Kind kind, std::string_view name) const;

  // All files KIND.NAME.so, in the order of search; a name that an earlier folder has too is left
  // out.
  std::vector<File> files() const;

  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  std::vector<std::filesystem::path> folders_;
};

// The rules for one file, as find() applies them. Returns its real path.
Result<std::filesystem::path> check_plugin_file(const std::filesystem::path& file);

}  // namespace chunkmill::host
