#include <algorithm>
#include <iostream>

#include "framework/cli/job_state.hpp"
#include "framework/cli/run_command.hpp"
#include "framework/cli/signals.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {
namespace {

Result<std::vector<Reject>> rejects_to_replay(StateStore& store, const RejectQuery& query,
                                              int64_t* without_text) {
  ASSIGN_OR_RETURN(const RejectFilter filter, query.filter());
  ASSIGN_OR_RETURN(const std::vector<RunRecord> runs, query.runs(store));
  ASSIGN_OR_RETURN(std::vector<Reject> found, rejects_of(store, runs, filter));
  const auto no_text = std::stable_partition(found.begin(), found.end(),
                                             [](const Reject& r) { return !r.raw.empty(); });
  *without_text = found.end() - no_text;
  found.erase(no_text, found.end());
  return found;
}

}  // namespace

int rejects_replay_command(const Arguments& arguments) {
  CommonOptions common;
  RejectQuery query;
  options::options_description described("options");
  query.describe(&described);
  common.describe(&described);
  options::variables_map values;
  const Verb& verb = verb_named("rejects replay");
  if (const auto done = parse(verb, described, {"JOB"}, arguments, &values)) return *done;
  const std::string path = operand(values, "JOB");
  if (query.status != "open")
    return fail(Status(Code::kUsage, "only open rejects can be replayed"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobSession> session = open_job(path, common, true, &exit_code);
  if (!session) return exit_code;
  if (const Status state = session->open_state(OpenMode::kExisting); !state.ok()) {
    if (state.code() != Code::kNotFound) return fail(state);
    return fail(Status(Code::kUsage, "job " + session->spec().name +
                                         " has not run yet: there is no state at " +
                                         session->state_path().string()));
  }
  int64_t without_text = 0;
  Result<std::vector<Reject>> rejects = rejects_to_replay(session->state(), query, &without_text);
  if (!rejects.ok()) return fail(rejects.status());
  if (without_text > 0)
    session->log().warn(std::to_string(without_text) +
                        " rejects are passed over: their original text was not kept");
  if (rejects->empty()) {
    if (!common.quiet) session->terminal().write("nothing to replay: no open rejects\n");
    return kSuccess;
  }

  cancel_on_signal(&session->cancelled());
  Progress progress(session->terminal(), session->clock(),
                    ProgressSettings::detect(session->spec().name + " (replay)",
                                             common.quiet || common.json(), common.no_color));
  RunOptions options;
  options.progress = &progress;
  const RunOutcome outcome = session->replay(rejects.take(), std::move(options));
  return report(*session, outcome, common, command_line("rejects replay", path, common));
}

}  // namespace chunkmill::host::cli
