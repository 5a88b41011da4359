#include <algorithm>
#include <iostream>
#include <limits>

#include "framework/cli/command_line.hpp"
#include "framework/cli/job_state.hpp"
#include "framework/cli/reject_file.hpp"
#include "framework/cli/run_command.hpp"
#include "framework/cli/signals.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {
namespace {

// "3 rejects are left out: ...", for each reason.
void warn_of(Log& log, const Unreadable& left) {
  const auto warn = [&](int64_t count, const char* why) {
    if (count > 0)
      log.warn(std::to_string(count) + (count == 1 ? " reject is" : " rejects are") +
               " left out: " + why);
  };
  warn(left.without_text, "the original text was not kept");
  warn(left.cut,
       "the record was longer than the source takes, and its text was cut; raise "
       "`max_record_bytes` and run the job again");
  warn(left.not_committed, "the chunk was not committed, and its run reads it again");
}

// The filter in words that are the same for the same rejects.
std::string words_of(const RejectQuery& query) {
  return "run=" + query.run + " code=" + query.code + " stage=" + query.stage +
         " column=" + query.column + " limit=" + std::to_string(query.limit);
}

// Rejects of older runs are replayed when their run is named: the newest run may have read their
// rows again.
Status choose(StateStore& store, const RejectQuery& query, Log& log, ReplayRequest* request) {
  ASSIGN_OR_RETURN(request->filter, query.filter());
  request->what = words_of(query);
  RETURN_IF_ERROR(query.choose_run(store, &request->filter));
  if (!query.run.empty()) return Status();
  ASSIGN_OR_RETURN(request->filter.runs, newest_runs(store));
  RejectFilter all = request->filter;
  all.runs.clear();
  int64_t older = 0;
  std::string run;
  ASSIGN_OR_RETURN(const std::vector<RunRecord> runs,
                   store.runs(std::numeric_limits<int64_t>::max()));
  for (const RunRecord& one : runs) {
    if (std::find(request->filter.runs.begin(), request->filter.runs.end(), one.run) !=
        request->filter.runs.end())
      continue;
    ASSIGN_OR_RETURN(const RejectTally tally, store.count_rejects(one.run));
    older += tally.open;
    if (tally.open > 0) run = one.run;
  }
  if (older > 0)
    log.warn(std::to_string(older) + (older == 1 ? " open reject is" : " open rejects are") +
             " of earlier runs, and not replayed; name the run to replay them: --run " + run);
  return Status();
}

}  // namespace

int rejects_replay_command(const Arguments& arguments) {
  CommonOptions common;
  RejectQuery query;
  std::string from;
  bool confirmed = false;
  options::options_description described("options");
  query.describe(&described);
  described.add_options()("from", options::value(&from),
                          "FILE.csv or FILE.jsonl that `rejects export` has written and somebody "
                          "has mended: its rejects, as their `raw` reads there")(
      "yes", options::bool_switch(&confirmed),
      "also where an upsert could overwrite newer rows, and where the output is another one");
  common.describe(&described);
  options::variables_map values;
  const Verb& verb = verb_named("rejects replay");
  if (const auto done = parse(verb, described, {"JOB"}, arguments, &values)) return *done;
  const std::string path = operand(values, "JOB");
  if (query.status != "open")
    return fail(Status(Code::kUsage, "only open rejects can be replayed"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobSession> session =
      open_job(path, common, Patience::kAsTheJob, &exit_code);
  if (!session) return exit_code;
  if (const Status state = session->open_state(OpenMode::kExisting); !state.ok()) {
    if (state.code() != Code::kNotFound) return fail(state);
    return fail(Status(Code::kUsage, "job " + session->spec().name +
                                         " has not run yet: there is no state at " +
                                         session->state_path().string()));
  }
  ReplayRequest request;
  request.confirmed = confirmed;
  if (const Status chosen = choose(session->state(), query, session->log(), &request); !chosen.ok())
    return fail(chosen);
  if (!from.empty()) {
    Result<std::unique_ptr<RejectFile>> file = RejectFile::open(from);
    if (!file.ok()) return fail(file.status());
    request.what = "file " + (**file).identity();
    request.edits = [reader = std::shared_ptr<RejectFile>(file.take())]() {
      return reader->next();
    };
  } else if (const auto left = session->state().count_unreadable(request.filter); left.ok()) {
    warn_of(session->log(), *left);
  }
  cancel_on_signal(&session->cancelled());
  Progress progress(session->terminal(), session->clock(),
                    ProgressSettings::detect(session->spec().name + " (replay)",
                                             common.quiet || common.json(), common.no_color));
  RunOptions options;
  options.progress = &progress;
  const RunOutcome outcome = session->replay(request, std::move(options));
  if (outcome.end == RunEnd::kUpToDate) {
    if (!common.quiet) session->terminal().write("nothing to replay: no open rejects\n");
    return kSuccess;
  }
  return report(*session, outcome, common,
                command_line("rejects replay", path, common, session->log()) +
                    (from.empty() ? "" : " --from " + shell_word(from)));
}

}  // namespace chunkmill::host::cli
