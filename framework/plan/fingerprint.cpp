#include "chunkmill/hash.hpp"
#include "framework/plan/option_place.hpp"
#include "framework/plan/pipeline.hpp"

namespace chunkmill::host {
namespace {

// On one line, for a comparison that a person reads.
std::string on_one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
    text.replace(at, 1, "; ");
  return text;
}

std::string schema_text(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.fields) text += field.name + " " + field.type_text() + "; ";
  return text;
}

// "source: data", or an "input: NAME" each where every line of the identity is a name, a tab, and
// what it holds: inputs whose splits depend on them alone.
std::vector<std::pair<std::string, std::string>> data_parts(std::string identity) {
  std::vector<std::pair<std::string, std::string>> inputs;
  for (size_t start = 0; start < identity.size();) {
    const size_t end = std::min(identity.find('\n', start), identity.size());
    const std::string line = identity.substr(start, end - start);
    const size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string::npos || line.find('\t', tab + 1) != std::string::npos)
      return {{"source: data", on_one_line(std::move(identity))}};
    inputs.emplace_back(kInputPart + line.substr(0, tab), line.substr(tab + 1));
    start = end + 1;
  }
  if (inputs.empty()) inputs.emplace_back("source: data", "");
  return inputs;
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> fingerprint_parts(Pipeline& pipeline) {
  std::vector<std::pair<std::string, std::string>> parts;
  // A line `path=meaning` each.
  const std::string meaning = pipeline.spec->fingerprint();
  for (size_t start = 0; start < meaning.size();) {
    const size_t end = std::min(meaning.find('\n', start), meaning.size());
    const std::string line = meaning.substr(start, end - start);
    const size_t equals = line.find('=');
    if (equals != std::string::npos)
      parts.emplace_back("job: " + line.substr(0, equals), line.substr(equals + 1));
    start = end + 1;
  }
  const auto add_plugin = [&](const Module& module) {
    parts.emplace_back(std::string("plugin: ") + kind_name(module.kind()) + " " + module.name(),
                       module.version());
  };
  add_plugin(pipeline.source->module());
  for (const Stage& stage : pipeline.stages)
    for (const BoundCalculator& bound : stage.calculators) add_plugin(bound.calculator.module());
  for (const BoundSink& sink : pipeline.sinks) add_plugin(sink.sink.module());
  parts.emplace_back("source: columns", schema_text(*pipeline.input));
  Result<std::string> identity = pipeline.source->identity();
  if (!identity.ok()) return at_place(*pipeline.spec, pipeline.spec->source, identity.status());
  for (auto& part : data_parts(identity.take())) parts.push_back(std::move(part));
  ASSIGN_OR_RETURN(auto lookups, pipeline.lookups->identities());
  for (auto& [name, text] : lookups)
    parts.emplace_back("lookup: " + name, on_one_line(std::move(text)));
  return parts;
}

}  // namespace chunkmill::host
