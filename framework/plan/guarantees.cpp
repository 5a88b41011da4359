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
  if (sink.sink.shares())
    out.notes.push_back(
        "as the only sink of a job that is started several times, it shares the splits between the "
        "workers: none is written twice, and those of a worker that dies are taken over");
  for (size_t i = 0; i < sink.required.size(); ++i)
    if (!sink.required[i])
      out.notes.push_back(
          "table \"" + sink.spec->tables[i].table +
          "\" is `required: false`: its rows may be left out, counted and reported");
  return out;
}

std::vector<std::string> changes_with_a_swap(const BoundSink& sink) {
  const Abilities& abilities = sink.abilities;
  std::vector<std::string> out;
  if (abilities.forgets()) return {"any sink that keeps rows keeps them; this one measures"};
  if (abilities.keeps_position()) {
    out.push_back(
        "exactly once holds with every sink that keeps its position; with another, the chunk in "
        "hand is written again after a crash");
  } else {
    out.push_back("a sink that keeps its position would make it exactly once");
  }
  if (abilities.upsert()) {
    out.push_back("`mode: upsert` is for databases; a file refuses it");
  } else {
    out.push_back("a database could update rows that are there (`mode: upsert`)");
  }
  if (sink.sink.shares()) {
    out.push_back("only a database server lets several workers share a run");
  } else {
    out.push_back("a database server would let several workers share a run; here one runs alone");
  }
  if (abilities.max_lanes == 1) {
    out.push_back("it is written by one worker at a time; a database server takes several chunks");
  } else {
    out.push_back("several chunks are written at a time; into a file, one after the other");
  }
  return out;
}

std::vector<std::string> guarantees_between(const std::vector<BoundSink>& sinks) {
  if (sinks.size() < 2) return {};
  return {
      "each sink commits a chunk on its own: between two commits one is a chunk ahead of the next, "
      "and a run that resumes after a crash brings them level first"};
}

}  // namespace chunkmill::host
