// A plugin file that is loaded into this process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "framework/core/status.hpp"
#include "framework/plugin/identity.hpp"
#include "framework/plugin/kind.hpp"

namespace chunkmill::host {

// Module is a loaded and checked plugin. The library stays in the process for good: destroying a
// Module unloads nothing, so that nothing a plugin left behind (a thread_local, an exception, a
// static) can point into a hole. Threads: immutable, any.
class Module {
 public:
  // Reads the identity, loads the library (its static initialisers run now), and checks its
  // descriptor against the identity and the name asked for. `file` is a path that PluginFolders
  // vouched for. Every failure is kPlugin, naming the file.
  static Result<std::unique_ptr<const Module>> load(const std::filesystem::path& file, Kind kind,
                                                    std::string_view name);

  // A plugin that this program is linked with; `module` is what a plugin file would export. Code::
  // kPlugin where it is not complete.
  static Result<std::unique_ptr<const Module>> of(const cm_module& module);

  Kind kind() const { return kind_; }
  const std::string& name() const { return name_; }
  const std::string& version() const { return version_; }
  const std::string& summary() const { return summary_; }
  uint32_t flags() const { return abi_->flags; }
  // Empty for one that this program is linked with.
  const std::filesystem::path& file() const { return file_; }
  const cm_module& abi() const { return *abi_; }
  // `calculator "fx_convert" 1.0.0`, for messages.
  const std::string& label() const { return label_; }

  // The function table, which load() checked; null when the plugin is of another kind.
  const cm_source_api* source_api() const { return api<cm_source_api>(Kind::kSource); }
  const cm_calculator_api* calculator_api() const {
    return api<cm_calculator_api>(Kind::kCalculator);
  }
  const cm_sink_api* sink_api() const { return api<cm_sink_api>(Kind::kSink); }
  const cm_hook_api* hook_api() const { return api<cm_hook_api>(Kind::kHook); }

  // A later ability by its id; null where the plugin has none of that name.
  const void* extension(const char* id) const;

  // The option schema, as the plugin writes it.
  Result<std::string> option_schema() const;

 private:
  Module(std::filesystem::path file, const cm_module* abi, Kind kind);
  template <typename Api>
  const Api* api(Kind kind) const {
    return kind_ == kind ? static_cast<const Api*>(abi_->api) : nullptr;
  }

  std::filesystem::path file_;
  const cm_module* abi_;
  Kind kind_;
  std::string name_, version_, summary_, label_;
};

}  // namespace chunkmill::host
