// The last words of a run: what became of every row, how fast, why rows were rejected, and what to
// do next.
#pragma once

#include <cstdint>
#include <string>

#include "framework/observe/event.hpp"

namespace chunkmill::host {

struct RunSummary {
  RunTotals totals;             // status, counts, sums, errors
  int exit_code = 0;            // see docs/exit-codes.md
  std::string message;          // why it failed or stopped
  std::string state_path;       // where the rejects are
  std::string rejects_command;  // shows them; empty: there are none
  std::string resume_command;   // goes on; empty: nothing to go on with
  bool dry_run = false;
  bool sums_complete = true;  // false: after a crash some sums may be missing
};

struct SummarySettings {
  bool color = false;
  int columns = 100;       // examples are cut to it
  size_t max_causes = 10;  // further ones are counted in one line
};

// Several lines, each with a newline. The row equation is written out, and checked: one that does
// not add up is called a bug.
std::string summary_as_text(const RunSummary& summary, const SummarySettings& settings = {});
// One JSON object, indented by nothing, with a newline.
std::string summary_as_json(const RunSummary& summary);

}  // namespace chunkmill::host
