// Where factors hold, from a grid region up to the world.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// Regions are compared as a number; 0: none is given. Case does not matter.
uint64_t region_key(std::string_view region);
// "GLO", "WORLD" or "ROW".
bool is_world(uint64_t region);

// How a factor's region relates to that of a row, from near to far.
enum class RegionMatch : uint8_t { kSame, kWider, kWorld, kUnspecified, kOther, kAny };

// Which region lies in which: "US-CA" in "US" by its name, the members of the European Union in
// "EU", and what a lookup says.
//
// Threads: read-only once loaded.
class Regions {
 public:
  // Longer chains are a circle.
  static constexpr int kMostLevels = 8;

  Regions();
  // A lookup with the columns region and parent: RFCW,US.
  void add(const Host& host, const LookupName& lookup);
  // Notes the name, so that what stands before a '-' is its parent.
  uint64_t key(std::string_view region);

  // `steps`, where it is not null: how many levels up a wider region is.
  RegionMatch match(uint64_t row, uint64_t factor, int* steps = nullptr) const;
  // The region around one; of the outermost 0.
  uint64_t parent(uint64_t region) const;

 private:
  std::unordered_map<uint64_t, uint64_t> parent_;
};

}  // namespace chunkmill::scope3
