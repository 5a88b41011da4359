#include "framework/job/fault.hpp"

#include <algorithm>
#include <tuple>

namespace chunkmill::host {
namespace {

// The file as a whole first, then the command line's overrides, then the file's lines.
auto order_of(const Fault& fault) {
  const Place& place = fault.place;
  return std::tuple(place.known(), place.source == 0, place.source, place.line, place.column);
}

bool same(const Fault& a, const Fault& b) {
  return a.place == b.place && a.message == b.message && a.severity == b.severity;
}

}  // namespace

void Faults::add(Fault fault) {
  const auto by_place = [](const Fault& a, const Fault& b) { return order_of(a) < order_of(b); };
  const auto [first, last] = std::equal_range(faults_.begin(), faults_.end(), fault, by_place);
  if (std::any_of(first, last, [&](const Fault& other) { return same(fault, other); })) return;

  ++(fault.severity == Severity::kError ? errors_ : warnings_);
  if (!full()) faults_.insert(last, std::move(fault));
}

void Faults::error(Place place, std::string message, std::string caret_note, std::string help) {
  add({Severity::kError, place, std::move(message), std::move(caret_note), std::move(help), {}});
}

void Faults::warning(Place place, std::string message, std::string caret_note, std::string help) {
  add({Severity::kWarning, place, std::move(message), std::move(caret_note), std::move(help), {}});
}

void Faults::hide(Place place) {
  if (place.known() && hidden_.size() < 100'000) hidden_.push_back(place);
}

}  // namespace chunkmill::host
