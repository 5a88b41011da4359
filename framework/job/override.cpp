#include "framework/job/override.hpp"

#include <string>
#include <string_view>

#include "chunkmill/nearest.hpp"
#include "framework/job/secret_guess.hpp"
#include "framework/job/yaml_tree.hpp"

namespace chunkmill::host {
namespace {

std::vector<std::string> steps_of(const Value& value) {
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < value.size() && i < 500; ++i) {
    steps.push_back(value.is_map() ? value.key(i) : std::to_string(i));
  }
  return steps;
}

void report_missing(const Value& parent, std::string_view step, Place place, Faults* faults) {
  if (parent.is_list()) {
    faults->error(place, "--set: there is no item " + in_quotes(step),
                  "the list has " + std::to_string(parent.size()) + ", counted from 0");
    return;
  }
  const std::string near = nearest(step, steps_of(parent));
  faults->add({Severity::kError, place,
               "--set: " + in_quotes(step) +
                   (parent.is_map() ? " is not in the job file" : " would be inside a plain value"),
               near.empty() ? "" : "did you mean " + in_quotes(near) + "?", "", near});
}

void apply(Value* root, const SourceText& source, Faults* faults) {
  const std::string_view text = source.text();
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    faults->error(source.place(0, text.size()), "--set: expected PATH=VALUE",
                  "as in sinks.0.table=emissions");
    return;
  }
  // Not every fault below knows which option it is about.
  if (sounds_secret(text.substr(0, equals))) {
    faults->hide(source.place(equals + 1, text.size() - equals - 1));
  }
  std::optional<Value> value = read_yaml(source, equals + 1, faults);
  if (!value) return;

  Value* parent = root;
  std::size_t begin = 0;
  for (std::size_t dot = text.find('.'); dot < equals; dot = text.find('.', begin)) {
    const std::string_view step = text.substr(begin, dot - begin);
    const Place place = source.place(begin, step.size());
    Value* next = parent->is_list() || parent->is_map() ? parent->at_path(step) : nullptr;
    if (parent == root && root->is_map() && !step.empty() && (next == nullptr || next->is_null())) {
      Value section = Value::map();
      section.set_place(place);
      next = root->set(step, std::move(section), place).find(step);
    }
    if (next == nullptr || step.empty()) return report_missing(*parent, step, place, faults);
    parent = next;
    begin = dot + 1;
  }
  const std::string_view last = text.substr(begin, equals - begin);
  const Place place = source.place(begin, last.size());
  if (parent->is_map() && !last.empty()) {
    parent->set(last, std::move(*value), place);
  } else if (Value* item = parent->is_list() ? parent->at_path(last) : nullptr;
             item != nullptr && !last.empty()) {
    *item = std::move(*value);
  } else {
    report_missing(*parent, last, place, faults);
  }
}

}  // namespace

void apply_overrides(Value* root, const std::vector<SourceText>& sources, Faults* faults) {
  for (std::size_t i = 1; i < sources.size(); ++i) apply(root, sources[i], faults);
}

}  // namespace chunkmill::host
