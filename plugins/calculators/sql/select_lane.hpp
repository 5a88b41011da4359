// One lane of the calculator: a database with the statement, run over one batch after another.
//
// Where the plan says so, one pass of the statement gives the results of all rows, each while
// SQLite stands at its row; else there is a pass for each row. Both give the same.
// Threads: one at a time.
#pragma once

#include <vector>

#include "chunkmill/rows.hpp"
#include "plugins/calculators/sql/chunk_table.hpp"
#include "plugins/calculators/sql/columns_of_result.hpp"

namespace chunkmill::select {

class SelectLane {
 public:
  // `plan` and `lookups` (which may be null) outlive it; `chunk` is the schema of the batches.
  SelectLane(const Plan& plan, const Schema& chunk, const LookupTables* lookups, const Host& host);
  SelectLane(const SelectLane&) = delete;
  SelectLane& operator=(const SelectLane&) = delete;

  void run(const Batch& batch, Outputs& outputs, RowErrors& errors);
  bool in_one_pass() const { return one_pass_; }

 private:
  // False where the plan that SQLite made reads something else before chunk.
  bool chunk_is_outermost();
  void hide_copied();
  // Runs the statement over rows [begin, end). Returns the row to begin with next.
  int64_t pass(int64_t begin, int64_t end, Outputs& outputs, RowErrors& errors);
  // Hands rows over once they are many, so that a join with many matches holds few of them.
  void hand_over_if_full(Outputs& outputs);
  // Appends a row of results; false if one of them did not fit.
  bool append(int64_t row, BatchBuilder& out, RowErrors& errors);
  // Reports the row that ended the statement; throws where none did.
  void fail(int result, int64_t row, RowErrors& errors);

  const Plan& plan_;
  const Host host_;
  MemoryDatabase db_;
  ChunkTable chunk_;
  StatementPtr statement_;
  bool one_pass_;
  std::vector<ColumnRef> copied_;  // beside the plan's results
  std::vector<int64_t> parents_;   // of the results so far
};

}  // namespace chunkmill::select
