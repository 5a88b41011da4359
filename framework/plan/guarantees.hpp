// What a run promises about each sink, in words that can be shown before it begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/plan/pipeline.hpp"

namespace chunkmill::host {

enum class Promise {
  kExactlyOnce,  // each row's effect is in the sink once, whatever happens
  kAtLeastOnce,  // after a crash the chunk in hand may be written a second time
  kNone,         // the sink keeps nothing
};

struct Guarantee {
  Promise promise = Promise::kNone;
  // Sentences: why, and what it does not cover.
  std::vector<std::string> notes;
};

// "exactly once", "at least once", "none".
std::string_view promise_text(Promise promise);
// "exactly_once", "at_least_once", "none": for JSON.
std::string promise_name(Promise promise);

Guarantee guarantee_of(const BoundSink& sink);

// What would be otherwise with a sink of another type in its place: sentences.
std::vector<std::string> changes_with_a_swap(const BoundSink& sink);

// What holds between the sinks of a job; empty where there is nothing to say.
std::vector<std::string> guarantees_between(const std::vector<BoundSink>& sinks);

}  // namespace chunkmill::host
