#include "framework/plan/option_place.hpp"

#include <filesystem>

namespace chunkmill::host {

Place place_of(const PluginSpec& plugin, const Status& status) {
  const std::string& where = status.facts().where;
  if (where.empty()) return plugin.place;
  if (const Value* option = plugin.options.at_path(where); option != nullptr)
    return option->place();
  if (const size_t dot = where.rfind('.'); dot != std::string::npos)
    if (const Value* group = plugin.options.at_path(where.substr(0, dot)); group != nullptr)
      return group->place();
  return plugin.place;
}

Status at_place(const JobSpec& spec, const PluginSpec& plugin, const Status& status) {
  if (status.ok()) return status;
  const Place place = place_of(plugin, status);
  if (!place.known() || place.source != 0) return status;
  return status.with_context(std::filesystem::path(spec.path).filename().string() + ":" +
                             std::to_string(place.line) + ":" + std::to_string(place.column));
}

}  // namespace chunkmill::host
