// Start here: plugins by kind and name.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/status.hpp"
#include "framework/plugin/folders.hpp"
#include "framework/plugin/lock.hpp"
#include "framework/plugin/module.hpp"

namespace chunkmill::host {

struct RegistryOptions {
  // How long a plugin may take to open in the child process that tries it.
  std::chrono::milliseconds time_limit{2000};
  // Open a plugin in a child process before it is loaded here, so that one that crashes, hangs or
  // exits in a static initialiser is a Status and not the end of the host. Costs a millisecond or
  // two a plugin.
  bool try_first = true;
  // --locked: only what this names is loaded.
  std::optional<PluginLock> lock{};
};

// One file of the plugin folders, as `plugins list` shows it. Where `fault` is not ok, version and
// summary may be empty.
struct Listing {
  Kind kind;
  std::string name;
  std::string version;
  std::string summary;
  std::filesystem::path path;
  Status fault;
};

// Registry finds and loads plugins, each at most once, and keeps them until the process ends.
// Threads: any. Do not call it while other threads are inside a plugin's static initialisers (load
// what a run needs before it starts).
class Registry {
 public:
  explicit Registry(PluginFolders folders, RegistryOptions options = {});

  // A plugin that this program is linked with; it comes before a file of the same name. `module`
  // must stay. kPlugin where it is not complete.
  Status add(const cm_module* module);

  // The plugin, loaded. kNotFound: there is none of that name; the message gives the nearest names
  // and the folders searched. kPlugin: its file is broken, or not as the lock says.
  Result<const Module*> load(Kind kind, std::string_view name);

  // A JSON Schema object.
  Result<std::string> option_schema(Kind kind, std::string_view name);

  // Every file of the folders, each opened in a child process of its own with a time limit. Loads
  // nothing here.
  std::vector<Listing> list() const;

  // Names that files of the folders stand for, without opening any.
  std::vector<std::string> names(Kind kind) const;

  // Pins every plugin of the folders that opens without fault.
  Status write_lock(const std::filesystem::path& file) const;

  const PluginFolders& folders() const { return folders_; }

 private:
  Status not_found(Kind kind, std::string_view name, const Status& why) const;

  const PluginFolders folders_;
  const RegistryOptions options_;
  Mutex mutex_;
  // A Module never moves or goes once it is in.
  std::map<std::pair<Kind, std::string>, std::unique_ptr<const Module>> modules_
      CHUNKMILL_GUARDED_BY(mutex_);
};

// Opens one file in a child process and says what it is; used by list() and by `plugins check`.
Listing probe(const std::filesystem::path& file, Kind kind, const std::string& name,
              std::chrono::milliseconds time_limit);

}  // namespace chunkmill::host
