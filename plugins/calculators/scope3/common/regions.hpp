// Where factors hold, from a grid region up to the world.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// Regions are compared as a number; 0: none is given. Case does not matter, and a country is the
// same by its code, its alpha-3 code, its name and codes in wide use: GB, GBR, United Kingdom, UK.
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
  // Of a factor. Notes the name, so that what stands before a '-' is its parent.
  uint64_t key(std::string_view region);

  // `steps`, where it is not null: how many levels up a wider region is.
  RegionMatch match(uint64_t row, uint64_t factor, int* steps = nullptr) const;
  // Whether it is a country, a part of one, the European Union, the world, or named by a factor or
  // by the lookup.
  bool known(uint64_t region) const;
  // Whether a factor is of a region that is not the world.
  bool any() const { return any_; }
  // The region around one; of the outermost 0.
  uint64_t parent(uint64_t region) const;

 private:
  uint64_t note(std::string_view region);

  std::unordered_map<uint64_t, uint64_t> parent_;
  std::unordered_set<uint64_t> named_;
  bool any_ = false;
};

}  // namespace chunkmill::scope3
