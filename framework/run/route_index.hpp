// RouteIndex: which case of a route takes a row, by the text of its column.
#pragma once

#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace chunkmill::host {

// Threads: immutable, any.
class RouteIndex {
 public:
  static constexpr size_t kNone = SIZE_MAX;

  // `values` must outlive it, and has no value twice.
  explicit RouteIndex(const std::vector<std::string>& values)
      : values_(&values), slots_(std::bit_ceil(4 * values.size() + 1), kNone) {
    for (size_t i = 0; i < values.size(); ++i) slots_[place(values[i])] = i;
  }
  // The case's number, or kNone.
  size_t find(std::string_view value) const { return slots_[place(value)]; }

 private:
  // Where the value is, or would be: at most every fourth slot is taken.
  size_t place(std::string_view value) const {
    const size_t mask = slots_.size() - 1;
    size_t at = hash(value) >> 32 & mask;
    while (slots_[at] != kNone && (*values_)[slots_[at]] != value) at = (at + 1) & mask;
    return at;
  }
  static uint64_t hash(std::string_view value) {
    uint64_t word = value.size();
    for (const char c : value) word = word << 7 ^ word >> 57 ^ static_cast<unsigned char>(c);
    return word * 0x9E3779B97F4A7C15U;
  }

  const std::vector<std::string>* values_;
  std::vector<size_t> slots_;
};

}  // namespace chunkmill::host
