#include "framework/run/run_end.hpp"

namespace chunkmill::host {

bool is_resumable(const Status& status) {
  return status.code() == Code::kUnavailable || status.code() == Code::kCancelled ||
         status.code() == Code::kState || status.code() == Code::kThreshold;
}

RunEnd end_of(const RunFacts& facts) {
  if (!facts.failure.ok()) return is_resumable(facts.failure) ? RunEnd::kStopped : RunEnd::kFailed;
  if (facts.up_to_date) return RunEnd::kUpToDate;
  if (!facts.all_read) return RunEnd::kStopped;
  return facts.has_rejects ? RunEnd::kPartialSuccess : RunEnd::kSuccess;
}

RunStatus run_status_of(const RunFacts& facts) {
  switch (end_of(facts)) {
    case RunEnd::kFailed:
      return RunStatus::kFailed;
    case RunEnd::kStopped:
      return facts.failure.code() == Code::kThreshold ? RunStatus::kFailed : RunStatus::kStopped;
    case RunEnd::kSuccess:
    case RunEnd::kPartialSuccess:
    case RunEnd::kUpToDate:
      break;
  }
  return facts.has_rejects ? RunStatus::kPartialSuccess : RunStatus::kSuccess;
}

std::vector<ErrorGroup> causes_of(StateStore& state, const std::string& run) {
  RejectFilter filter;
  filter.run = run;
  filter.committed = true;
  const Result<std::vector<RejectGroup>> groups = state.reject_groups(filter);
  std::vector<ErrorGroup> out;
  if (!groups.ok()) return out;
  for (const RejectGroup& group : *groups)
    out.push_back({group.code, std::string(reject_stage_name(group.stage)), group.count,
                   group.first.message, group.first.where, group.first.line});
  sort_errors(out);
  return out;
}

}  // namespace chunkmill::host
