// Preview: the first rows on their way through every stage. Writes nothing and touches no state.
#pragma once

#include <string>
#include <vector>

#include "framework/observe/log.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/run/calculate.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host {

// Rows as one stage put them out. `parents[i]` is the number, from 1, of the record that row i came
// from; 0 where it came from several.
struct PreviewRows {
  std::string stage;   // `calculator "fx_convert" 1.0.0`
  std::string stream;  // "main", or the name of a stream beside it
  std::vector<Batch> batches;
  std::vector<int64_t> parents;

  int64_t row_count() const { return static_cast<int64_t>(parents.size()); }
};

struct Preview {
  std::vector<PreviewRows> stages;   // the source first, then each stage's main stream
  std::vector<PreviewRows> streams;  // beside the main stream
  std::vector<Reject> rejects;       // `ordinal` is the record's number, from 1
  int64_t records = 0;               // read, good and bad
};

// Reads up to `rows` records and runs them through all calculators. `pipeline` is bound and was not
// run yet.
Result<Preview> preview(Pipeline& pipeline, int64_t rows, Log* log, Metrics* metrics);

}  // namespace chunkmill::host
