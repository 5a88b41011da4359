#include "framework/job/plugin_reader.hpp"

#include <algorithm>

#include "chunkmill/nearest.hpp"

namespace chunkmill::host {
namespace {

// The name becomes a file's name, so it is kept from being a path.
bool is_plugin_name(std::string_view name) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         name.find("..") == std::string_view::npos && std::all_of(name.begin(), name.end(), fine);
}

void hide_all(const Value& value, Faults* faults) {
  if (value.is_scalar()) faults->hide(value.place());
  for (std::size_t i = 0; i < value.size(); ++i) hide_all(value.at(i), faults);
}

}  // namespace

std::string subject_of(std::string_view kind, std::string_view type) {
  return std::string(kind) + " " + in_quotes(type);
}

PluginReader::PluginReader(std::string folder, std::set<std::string> lookups,
                           const SchemaOf& schema_of, Faults* faults)
    : folder_(std::move(folder)),
      lookups_(std::move(lookups)),
      schema_of_(schema_of),
      faults_(faults) {}

PluginSpec PluginReader::read(std::string_view kind, std::string path, Value map,
                              const std::vector<std::string>& host_keys) {
  PluginSpec spec;
  spec.kind = kind;
  spec.path = std::move(path);
  spec.place = map.place();
  const Value* type = map.find("type");
  if (type != nullptr && type->is_scalar()) spec.place = type->place();
  spec.type = read_type(spec, map);
  map.erase("type");
  spec.options = std::move(map);
  if (spec.type.empty()) {
    hide_all(spec.options, faults_);
    return spec;
  }

  const Known& plugin = known(spec.kind, spec.type);
  if (!plugin.schema) {
    faults_->error(spec.place, plugin.fault);
    // Which of its options are secrets is not known.
    hide_all(spec.options, faults_);
    return spec;
  }
  OptionContext context;
  context.subject = subject_of(kind, spec.type);
  context.place = spec.place;
  context.help = "options: " + option_names(*plugin.schema) +
                 "      see: chunkmill plugins describe " + spec.kind + " " + spec.type;
  context.host_keys = host_keys;
  context.host_keys.emplace_back("type");
  context.lookups = &lookups_;
  context.folder = folder_;
  check_options(*plugin.schema, context, &spec.options, faults_);
  return spec;
}

// The plugin's name, or empty when there is none to go on with.
std::string PluginReader::read_type(const PluginSpec& spec, const Value& map) {
  const Value* type = map.find("type");
  if (type != nullptr && type->faulty()) return {};
  if (type != nullptr && type->is_null()) {
    faults_->error(map.place_of_key("type"), spec.path + ": key \"type\" is empty",
                   "type: names the " + spec.kind + " plugin",
                   "Which there are: chunkmill plugins list");
    return {};
  }
  if (type == nullptr) {
    std::vector<std::string> wanted{"type"};
    if (spec.kind == "calculator") wanted.emplace_back("route");
    std::string near;
    Place place = map.size() > 0 ? map.key_place(0) : map.place();
    for (std::size_t i = 0; i < map.size() && near.empty(); ++i) {
      near = nearest(map.key(i), wanted);
      if (!near.empty()) place = map.key_place(i);
    }
    faults_->add({Severity::kError, place, spec.path + ": key \"type\" is missing",
                  near.empty() ? "type: names the " + spec.kind + " plugin"
                               : "did you mean " + in_quotes(near) + "?",
                  "Which there are: chunkmill plugins list", near});
    return {};
  }
  if (!type->is_scalar() || !is_plugin_name(type->text())) {
    faults_->error(type->is_scalar() ? type->place() : map.place_of_key("type"),
                   spec.path + ": " +
                       (type->is_scalar() ? in_quotes(type->text()) + " is no name of a plugin"
                                          : "type: expected the name of a plugin"),
                   "names have a-z, 0-9, _, - and .", "Which there are: chunkmill plugins list");
    return {};
  }
  return type->text();
}

const PluginReader::Known& PluginReader::known(const std::string& kind, const std::string& type) {
  const auto [entry, is_new] = known_.try_emplace({kind, type});
  Known& known = entry->second;
  if (!is_new) return known;
  const Result<std::string> json = schema_of_(kind, type);
  if (!json.ok()) {
    known.fault = json.status().message();
    return known;
  }
  Result<OptionSchema> schema = OptionSchema::parse(*json);
  if (schema.ok()) {
    known.schema = schema.take();
  } else {
    known.fault = schema.status().with_context(subject_of(kind, type)).message();
  }
  return known;
}

}  // namespace chunkmill::host
