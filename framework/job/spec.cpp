#include "framework/job/spec.hpp"

#include <algorithm>

namespace chunkmill::host {
namespace {

void append_line(std::string* out, const std::string& path, const std::string& meaning) {
  *out += path + "=" + meaning + "\n";
}

// A text of the user's, fit for a line of its own.
std::string one_line(const std::string& text) { return Value::of(text).canonical(); }

void append(std::string* out, const CalculatorSpec& calculator) {
  if (const auto* plugin = std::get_if<PluginSpec>(&calculator)) {
    return append_line(out, plugin->path, plugin->fingerprint());
  }
  const auto& route = std::get<RouteSpec>(calculator);
  const bool pass = route.otherwise == Otherwise::kPass;
  append_line(out, route.path, "route " + one_line(route.column) + (pass ? " otherwise pass" : ""));
  for (const RouteSpec::Case& each : route.cases) {
    append_line(out, route.path + ".cases." + one_line(each.value), each.plugin.fingerprint());
  }
}

void append(std::string* out, const SinkSpec& sink) {
  append_line(out, sink.plugin.path, sink.plugin.fingerprint());
  if (sink.tables.empty()) append_line(out, sink.plugin.path + ".from", one_line(sink.from));
  for (const TableSpec& table : sink.tables) {
    append_line(out, sink.plugin.path + ".tables." + one_line(table.table),
                "from " + one_line(table.from) + (table.required ? "" : " not required"));
  }
}

}  // namespace

std::string PluginSpec::fingerprint() const { return type + " " + options.canonical(); }

std::string JobSpec::fingerprint() const {
  std::string out;
  append_line(&out, "job", one_line(name));
  std::vector<const LookupSpec*> by_name;
  for (const LookupSpec& lookup : lookups) by_name.push_back(&lookup);
  std::sort(by_name.begin(), by_name.end(),
            [](const LookupSpec* a, const LookupSpec* b) { return a->name < b->name; });
  for (const LookupSpec* lookup : by_name) {
    append_line(&out, "lookups." + one_line(lookup->name), lookup->plugin.fingerprint());
  }
  append_line(&out, "source", source.fingerprint());
  for (const CalculatorSpec& calculator : calculators) append(&out, calculator);
  for (const SinkSpec& sink : sinks) append(&out, sink);
  if (!chunk.keep_together.empty()) {
    append_line(&out, "chunk.keep_together", one_line(chunk.keep_together));
  }
  if (order == Order::kSource) append_line(&out, "order", "source");
  return out;
}

}  // namespace chunkmill::host
