#include "framework/plugin/registry.hpp"

#include <algorithm>
#include <utility>

#include "chunkmill/nearest.hpp"
#include "framework/plugin/isolated.hpp"
#include "framework/plugin/sha256.hpp"

namespace chunkmill::host {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Loads the file in a child process; not ok where that failed or where the child did not survive
// it.
Status try_in_child(const std::filesystem::path& file, Kind kind, std::string_view name,
                    std::chrono::milliseconds limit) {
  const IsolatedOutcome outcome = run_isolated(limit, [&](const IsolatedWrite& write) {
    const auto module = Module::load(file, kind, name);
    if (!module.ok()) write(module.status().message());
  });
  if (!outcome.fault.empty()) {
    return Status(Code::kPlugin, "plugin file " + file.string() +
                                     " cannot be loaded: its static initialisers ran and it " +
                                     outcome.fault + "; repair it or take it out of the folder");
  }
  return outcome.output.empty() ? Status() : Status(Code::kPlugin, outcome.output);
}

}  // namespace

Registry::Registry(PluginFolders folders, RegistryOptions options)
    : folders_(std::move(folders)), options_(std::move(options)) {}

Status Registry::add(const cm_module* module) {
  ASSIGN_OR_RETURN(auto made, Module::of(*module));
  const Lock lock(mutex_);
  modules_[std::pair(made->kind(), made->name())] = std::move(made);
  return Status();
}

Result<const Module*> Registry::load(Kind kind, std::string_view name) {
  const Lock lock(mutex_);
  const auto known = modules_.find({kind, std::string(name)});
  if (known != modules_.end()) return known->second.get();

  const Result<std::filesystem::path> file = folders_.find(kind, name);
  if (!file.ok()) {
    const Status why = file.status();
    const bool unknown = why.code() == Code::kNotFound || why.code() == Code::kUsage;
    return unknown ? not_found(kind, name, why) : why;
  }
  if (options_.lock) {
    ASSIGN_OR_RETURN(const Identity identity, read_identity(*file));
    RETURN_IF_ERROR(options_.lock->verify(kind, name, identity.version, *file));
  }
  if (options_.try_first) {
    RETURN_IF_ERROR(try_in_child(*file, kind, name, options_.time_limit));
  }
  ASSIGN_OR_RETURN(auto module, Module::load(*file, kind, name));
  const Module* loaded = module.get();
  modules_.emplace(std::pair(kind, std::string(name)), std::move(module));
  return loaded;
}

Status Registry::not_found(Kind kind, std::string_view name, const Status& why) const {
  const std::vector<std::string> there = names(kind);
  std::string message = why.message();
  if (const std::string near = nearest(name, there); !near.empty()) {
    message += "; did you mean \"" + near + "\"?";
  } else if (!there.empty()) {
    message += "; there are: " + joined(there);
  }
  std::vector<std::string> searched;
  for (const auto& folder : folders_.folders()) {
    std::error_code ignored;
    searched.push_back(folder.string() +
                       (std::filesystem::is_directory(folder, ignored) ? "" : " (not a folder)"));
  }
  message += searched.empty() ? " (there is no plugin folder; give one with --plugin-dir)"
                              : " (searched: " + joined(searched) + ")";
  return Status(why.code(), std::move(message));
}

Result<std::string> Registry::option_schema(Kind kind, std::string_view name) {
  ASSIGN_OR_RETURN(const Module* const module, load(kind, name));
  return module->option_schema();
}

std::vector<std::string> Registry::names(Kind kind) const {
  std::vector<std::string> names;
  for (const PluginFolders::File& file : folders_.files()) {
    if (file.kind == kind) names.push_back(file.name);
  }
  std::ranges::sort(names);
  return names;
}

std::vector<Listing> Registry::list() const {
  std::vector<Listing> listings;
  for (const PluginFolders::File& file : folders_.files()) {
    listings.push_back(probe(file.path, file.kind, file.name, options_.time_limit));
  }
  return listings;
}

Status Registry::write_lock(const std::filesystem::path& file) const {
  std::vector<LockedPlugin> plugins;
  for (const Listing& listing : list()) {
    if (!listing.fault.ok()) continue;
    ASSIGN_OR_RETURN(std::string sum, sha256_of_file(listing.path));
    plugins.push_back({listing.kind, listing.name, listing.version, std::move(sum)});
  }
  return PluginLock(std::move(plugins)).write(file);
}

Listing probe(const std::filesystem::path& file, Kind kind, const std::string& name,
              std::chrono::milliseconds time_limit) {
  Listing listing{kind, name, {}, {}, file, Status()};
  const auto real = check_plugin_file(file);
  listing.fault = real.status();
  if (!real.ok()) return listing;
  listing.path = *real;
  const auto identity = read_identity(*real);
  listing.fault = identity.status();
  if (!identity.ok()) return listing;
  listing.version = identity->version;
  listing.summary = identity->summary;
  listing.fault = try_in_child(*real, kind, name, time_limit);
  return listing;
}

}  // namespace chunkmill::host
