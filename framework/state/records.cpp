#include "framework/state/records.hpp"

namespace chunkmill::host {

std::string_view run_status_name(RunStatus status) {
  switch (status) {
    case RunStatus::kRunning:
      return "running";
    case RunStatus::kSuccess:
      return "success";
    case RunStatus::kPartialSuccess:
      return "partial_success";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kStopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view reject_stage_name(RejectStage stage) {
  switch (stage) {
    case RejectStage::kRead:
      return "read";
    case RejectStage::kCalculate:
      return "calculate";
    case RejectStage::kWrite:
      return "write";
  }
  return "unknown";
}

std::string_view reject_state_name(RejectState state) {
  switch (state) {
    case RejectState::kOpen:
      return "open";
    case RejectState::kReplayed:
      return "replayed";
    case RejectState::kResolved:
      return "resolved";
    case RejectState::kDismissed:
      return "dismissed";
  }
  return "unknown";
}

}  // namespace chunkmill::host
