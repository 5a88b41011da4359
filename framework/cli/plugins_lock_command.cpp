#include <iostream>
#include <set>

#include "framework/cli/verbs.hpp"
#include "framework/plugin/sha256.hpp"

namespace chunkmill::host::cli {
namespace {

// Every plugin that `spec` names, each once.
std::set<std::pair<std::string, std::string>> plugins_of(const JobSpec& spec) {
  std::set<std::pair<std::string, std::string>> used;
  const auto add = [&](const PluginSpec& plugin) { used.emplace(plugin.kind, plugin.type); };
  add(spec.source);
  for (const LookupSpec& lookup : spec.lookups) add(lookup.plugin);
  for (const CalculatorSpec& calculator : spec.calculators) {
    if (const auto* plugin = std::get_if<PluginSpec>(&calculator)) add(*plugin);
    if (const auto* route = std::get_if<RouteSpec>(&calculator))
      for (const RouteSpec::Case& one : route->cases) add(one.plugin);
  }
  for (const SinkSpec& sink : spec.sinks) add(sink.plugin);
  for (const PluginSpec& hook : spec.hooks) add(hook);
  return used;
}

Result<std::vector<LockedPlugin>> pin(Registry& registry, const JobSpec& spec) {
  std::vector<LockedPlugin> locked;
  for (const auto& [kind, name] : plugins_of(spec)) {
    ASSIGN_OR_RETURN(const Kind known, read_kind(kind));
    ASSIGN_OR_RETURN(const Module* const module, registry.load(known, name));
    ASSIGN_OR_RETURN(std::string sum, sha256_of_file(module->file()));
    locked.push_back({known, name, module->version(), std::move(sum)});
  }
  return locked;
}

}  // namespace

int plugins_lock_command(const Arguments& arguments) {
  CommonOptions common;
  options::options_description described("options");
  common.describe(&described);
  options::variables_map values;
  const Verb& verb = verb_named("plugins lock");
  if (const auto done = parse(verb, described, {"JOB"}, arguments, &values)) return *done;

  int exit_code = kSuccess;
  const std::string path = operand(values, "JOB");
  const std::unique_ptr<JobSession> session = open_job(path, common, std::nullopt, &exit_code);
  if (!session) return exit_code;
  Result<std::vector<LockedPlugin>> locked = pin(session->registry(), session->spec());
  if (!locked.ok()) return fail(locked.status());
  const size_t count = locked->size();
  const std::filesystem::path file = std::filesystem::path(path).parent_path() / "plugins.lock";
  if (const Status status = PluginLock(locked.take()).write(file); !status.ok())
    return fail(status);
  std::cerr << count << (count == 1 ? " plugin" : " plugins") << " pinned in " << file.string()
            << "; `--locked` runs with no others\n";
  return kSuccess;
}

}  // namespace chunkmill::host::cli
