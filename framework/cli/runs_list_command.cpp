#include <iostream>

#include "framework/cli/job_state.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/run_json.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

int runs_list_command(const Arguments& arguments) {
  CommonOptions common;
  int64_t limit = 20;
  options::options_description described("options");
  described.add_options()("limit", options::value(&limit), "no more than so many (default: 20)");
  common.describe_state(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("runs list"), described, {"JOB"}, arguments, &values))
    return *done;
  if (limit < 1) return fail(Status(Code::kUsage, "--limit is a number above 0"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  Result<std::vector<RunRecord>> runs = job->store->runs(limit);
  if (!runs.ok()) return fail(runs.status());
  const int64_t now_ms = RealClock().now_ms();
  for (RunRecord& run : *runs) {
    // The record itself has the counts once it has ended.
    if (run.ended_ms != 0) continue;
    const Result<RowCounts> so_far = job->store->committed_counts(run.run);
    if (!so_far.ok()) return fail(so_far.status());
    run.totals = *so_far;
  }
  if (common.json()) {
    std::string text;
    JsonWriter json(&text);
    json.begin_array();
    for (const RunRecord& run : *runs) {
      json.begin_object();
      write_run(&json, run, now_ms);
      json.end_object();
    }
    json.end_array();
    std::cout << text << '\n';
    return kSuccess;
  }
  Table table({"run", "what", "status", "began (UTC)", "took", "read", "written", "rejected"});
  for (const size_t number : {4, 5, 6, 7}) table.right(number);
  for (const RunRecord& run : *runs)
    table.add({run.run, run.command, status_text(run), time_text(run.started_ms),
               took_text(run, now_ms), with_thousands(run.totals.read),
               with_thousands(run.totals.written), with_thousands(run.totals.rejected)});
  std::cout << (runs->empty() ? "no runs\n" : table.text(Screen::of_stdout(common.no_color), 0));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
