// The last words of a run: what became of every row, how fast, why rows were rejected, and what to
// do next.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/observe/event.hpp"

namespace chunkmill::host {

// What a sink's own ledger holds of the run.
struct SinkTally {
  std::string sink;  // kind, name and version
  int64_t splits = 0;
  int64_t read = 0;
  int64_t written = 0;
  int64_t rejected = 0;
  int64_t filtered = 0;
  bool agrees = true;  // with what the host has counted
};

struct RunSummary {
  RunTotals totals;             // status, counts, sums, errors
  int exit_code = 0;            // see docs/exit-codes.md
  std::string message;          // why it failed or stopped
  std::string state_path;       // where the rejects are
  std::string rejects_command;  // shows them; empty: there are none
  std::string resume_command;   // resumes the run; empty: nothing to resume
  bool dry_run = false;
  std::vector<SinkTally> sinks;  // those that were asked, at the end of a run that went well
  bool sums_complete = true;     // false: after a crash some sums may be missing
};

struct SummarySettings {
  bool color = false;
  int columns = 0;         // examples are cut to it; 0: they are not
  size_t max_causes = 10;  // further ones are counted in one line
};

// The row equation holds, and every sink that was asked agrees with it.
bool adds_up(const RunSummary& summary);

// Several lines, each with a newline. The row equation is written out, and checked: one that does
// not add up is called a bug.
std::string summary_as_text(const RunSummary& summary, const SummarySettings& settings = {});
// One JSON object, indented by nothing, with a newline.
std::string summary_as_json(const RunSummary& summary);

}  // namespace chunkmill::host
