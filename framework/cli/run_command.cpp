#include "framework/cli/run_command.hpp"

#include <iostream>

#include "framework/cli/command_line.hpp"
#include "framework/cli/signals.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/observe/summary.hpp"

namespace chunkmill::host::cli {
namespace {

int outcome_code(const RunOutcome& outcome) {
  if (outcome.failure.code() == Code::kCancelled && caught_signal() != 0)
    return 128 + caught_signal();
  if (!outcome.failure.ok()) return exit_code_of(outcome.failure.code());
  if (outcome.budget_used) return kBudgetUsedUp;
  if (outcome.end == RunEnd::kPartialSuccess) return kFinishedWithRejects;
  return kSuccess;
}

std::string up_to_date_text(JobSession& session, const RunOutcome& outcome,
                            const std::string& resume) {
  const std::string run = "run " + outcome.run + " of job " + session.spec().name + " is finished";
  const std::string again = "  to run it all again: " + resume + " --restart\n";
  if (outcome.cannot_tell.empty())
    return "nothing to do: " + run + ", and neither the job nor its input has changed\n" + again;
  return "warning: nothing was done: " + run + ", and " + outcome.cannot_tell +
         " cannot tell whether its rows have changed since\n"
         "  to read only what is new: `incremental:` (docs/databases.md)\n"
         "  to be run again each time: `mode: upsert` or `mode: replace` in every sink\n" +
         again;
}

}  // namespace

int report(JobSession& session, const RunOutcome& outcome, const CommonOptions& common,
           const std::string& resume) {
  const int code = outcome_code(outcome);
  if (outcome.end == RunEnd::kUpToDate) {
    if (!common.quiet) session.terminal().write(up_to_date_text(session, outcome, resume));
    return kSuccess;
  }
  RunSummary summary;
  summary.totals = outcome.totals;
  if (summary.totals.job.empty()) {
    // It did not come to read a row.
    fail(Status(outcome.failure.code(), session.log().redact(outcome.failure.message())));
    if (outcome.end == RunEnd::kStopped)
      session.terminal().write("  once that is mended: " + resume + "\n");
    return code;
  }
  summary.exit_code = code;
  summary.message = session.log().redact(outcome.failure.message());
  if (outcome.budget_used) summary.message = "the budget (--limit or `budget:`) is used up";
  summary.state_path = session.state_path().string();
  if (outcome.totals.failed > 0)
    summary.rejects_command =
        command_line("rejects list", session.job_path(), common, session.log());
  if (outcome.end == RunEnd::kStopped) summary.resume_command = resume;
  summary.sums_complete = outcome.sums_complete;
  summary.sinks = outcome.sinks;
  for (ErrorGroup& group : summary.totals.errors) {
    group.example = session.log().redact(group.example);
    group.where = short_path(group.where);
  }
  if (common.json()) {
    std::cout << summary_as_json(summary);
  } else if (!common.quiet) {
    SummarySettings settings;
    settings.color = !common.no_color && Terminal::wants_color();
    settings.columns = Terminal::is_interactive() ? Terminal::columns() : 0;
    session.terminal().write(summary_as_text(summary, settings));
  } else if (!outcome.failure.ok()) {
    return fail(Status(outcome.failure.code(), summary.message)), code;
  }
  return code;
}

int run_command(const std::vector<std::string>& arguments) {
  CommonOptions common;
  bool restart = false;
  bool dry_run = false;
  int64_t limit = 0;
  options::options_description described("options");
  described.add_options()("restart", options::bool_switch(&restart),
                          "begin a new run, whatever an earlier one has done")(
      "dry-run", options::bool_switch(&dry_run), "say what would be done, and do nothing")(
      "limit", options::value(&limit), "stop, resumable, after about so many rows");
  common.describe(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("run"), described, {"JOB"}, arguments, &values))
    return *done;
  const std::string job = values["JOB"].as<std::vector<std::string>>()[0];
  if (values.count("limit") > 0 && limit <= 0)
    return fail(Status(Code::kUsage, "--limit is a number of rows above 0"));

  int exit_code = kSuccess;
  std::unique_ptr<JobSession> session =
      open_job(job, common, dry_run ? Patience::kNone : Patience::kAsTheJob, &exit_code);
  if (!session) return exit_code;
  if (dry_run) return print_start(*session, restart);

  if (Status state = session->open_state(OpenMode::kCreate); !state.ok()) return fail(state);
  cancel_on_signal(&session->cancelled());
  Progress progress(session->terminal(), session->clock(),
                    ProgressSettings::detect(session->spec().name, common.quiet || common.json(),
                                             common.no_color));
  RunOptions run_options;
  run_options.start.restart = restart;
  if (limit > 0) run_options.limit = limit;
  run_options.progress = &progress;
  const RunOutcome outcome = session->run(std::move(run_options));
  return report(*session, outcome, common, command_line("run", job, common, session->log()));
}

}  // namespace chunkmill::host::cli
