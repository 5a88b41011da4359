// The stream `parts` of results: which factors a result of several of them is made of, so that its
// spread is that of its parts.
//
// Failure: Error(CM_INVALID) when a column is not there, and when parts do not add up to their
// result. Threads: one at a time.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "plugins/calculators/scope3/inventory/tally.hpp"

namespace chunkmill::scope3 {

class PartReader {
 public:
  // Opens the lookups.
  void open(const Host& host, const std::vector<LookupName>& lookups);
  bool given() const { return !streams_.empty(); }

  // A result of several factors that counts in `tally`, which must stay where it is.
  void expect(const ResultRow& row, bool primary, Tally* tally);
  // Hands the parts of those results to their tallies.
  void read();

 private:
  struct Waiting {
    Tally* tally = nullptr;
    int category = 0;
    bool primary = false;
    double missing_kg = 0;
    double size_kg = 0;
    std::string id;
  };
  struct One {
    std::string lookup;
    TableStream stream;
  };

  std::vector<One> streams_;
  std::unordered_map<uint64_t, std::vector<Waiting>> waiting_;  // by the hash of the result's id
};

}  // namespace chunkmill::scope3
