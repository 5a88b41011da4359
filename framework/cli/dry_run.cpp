#include <algorithm>
#include <iostream>

#include "framework/cli/verbs.hpp"
#include "framework/run/resume.hpp"

namespace chunkmill::host::cli {

int print_start(JobSession& session, bool restart) {
  Pipeline& pipeline = session.pipeline();
  Status status = session.open_state(OpenMode::kReadOnly);
  const bool has_state = status.ok();
  if (!has_state && status.code() != Code::kNotFound) return fail(status);

  Result<FingerprintParts> parts = fingerprint_parts(pipeline);
  if (!parts.ok()) return fail(parts.status());
  StartOptions options;
  options.restart = restart;
  if (!has_state && !restart) {
    for (BoundSink& sink : pipeline.sinks) {
      if (!sink.abilities.keeps_position()) continue;
      const Result<std::optional<LedgerRun>> known = sink.sink.ledger(session.spec().id);
      if (!known.ok()) return fail(known.status());
      if (*known) {
        std::cout << "run " << (**known).run << " is in the ledger of "
                  << sink.sink.module().label() << ", but not in " << session.state_path().string()
                  << "; it would be checked against the job and resumed\n";
        return kSuccess;
      }
    }
    std::cout << "a new run would begin: there is no state at " << session.state_path().string()
              << "\n";
    return kSuccess;
  }
  if (restart) {
    std::cout << "a new run would begin, as --restart says\n";
    return kSuccess;
  }
  const Result<Start> start = decide_start(pipeline, session.state(), session.spec().id, *parts,
                                           options, session.clock().now_ms());
  if (!start.ok()) return fail(start.status());
  switch (start->kind) {
    case StartKind::kFresh:
      std::cout << "a new run would begin\n";
      break;
    case StartKind::kUpToDate:
      std::cout << "nothing to do: run " << start->run.run << " is finished";
      if (!start->cannot_tell.empty())
        std::cout << "; " << start->cannot_tell
                  << " cannot tell whether its rows have changed since";
      std::cout << "\n";
      break;
    case StartKind::kResume: {
      const Result<RowCounts> rows = session.state().committed_counts(start->run.run);
      std::cout << "run " << start->run.run << " would resume";
      if (rows.ok()) std::cout << " after " << rows->read << " rows";
      std::cout << "\n";
    }
  }
  return kSuccess;
}

}  // namespace chunkmill::host::cli
