#include "framework/plan/guarantees.hpp"

#include <algorithm>

namespace chunkmill::host {

std::string_view promise_text(Promise promise) {
  switch (promise) {
    case Promise::kExactlyOnce:
      return "exactly once";
    case Promise::kAtLeastOnce:
      return "at least once";
    case Promise::kNone:
      return "none";
  }
  return "none";
}

std::string promise_name(Promise promise) {
  std::string name(promise_text(promise));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

Guarantee guarantee_of(const BoundSink& sink) {
  const Abilities& abilities = sink.abilities;
  Guarantee out;
  if ((abilities.flags & CM_SINK_FORGETS) != 0) {
    out.notes.push_back("it keeps nothing, so there is nothing to lose or to double");
    return out;
  }
  if (abilities.keeps_position()) {
    out.promise = Promise::kExactlyOnce;
    out.notes.push_back(
        "rows and the position they were read from are committed together, so that a crash, a "
        "retry or a second start neither loses nor doubles a row");
  } else {
    out.promise = Promise::kAtLeastOnce;
    out.notes.push_back(
        "it does not keep the position of what it wrote: after a crash the chunk in hand is "
        "written again");
    if (!abilities.transactional())
      out.notes.push_back("it cannot take back a chunk that failed half-way");
  }
  for (size_t i = 0; i < sink.required.size(); ++i)
    if (!sink.required[i])
      out.notes.push_back(
          "table \"" + sink.spec->tables[i].table +
          "\" is `required: false`: its rows may be left out, counted and reported");
  return out;
}

std::vector<std::string> guarantees_between(const std::vector<BoundSink>& sinks) {
  if (sinks.size() < 2) return {};
  return {
      "each sink commits a chunk on its own: between two commits one is a chunk ahead of the next, "
      "and a run that goes on after a crash brings them level first"};
}

}  // namespace chunkmill::host
