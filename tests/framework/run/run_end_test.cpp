#include "framework/run/run_end.hpp"

#include <catch2/catch.hpp>

using namespace chunkmill::host;

TEST_CASE("run end: a run that is read to its end succeeds, with or without rejects", "[run]") {
  const RunFacts clean{Status(), false, true, false};
  const RunFacts rejects{Status(), false, true, true};

  CHECK(end_of(clean) == RunEnd::kSuccess);
  CHECK(run_status_of(clean) == RunStatus::kSuccess);
  CHECK(end_of(rejects) == RunEnd::kPartialSuccess);
  CHECK(run_status_of(rejects) == RunStatus::kPartialSuccess);
}

TEST_CASE("run end: a run that is not read to its end is stopped, and resumable", "[run]") {
  const RunFacts facts{Status(), false, false, true};

  CHECK(end_of(facts) == RunEnd::kStopped);
  CHECK(run_status_of(facts) == RunStatus::kStopped);
}

TEST_CASE("run end: where nothing was to be done, the state keeps what the run had", "[run]") {
  const RunFacts facts{Status(), true, true, true};

  CHECK(end_of(facts) == RunEnd::kUpToDate);
  CHECK(run_status_of(facts) == RunStatus::kPartialSuccess);
}

TEST_CASE("run end: what may succeed later is resumable; a threshold is, and counts as failed",
          "[run]") {
  const auto failed = [](Code code) { return RunFacts{Status(code, "why"), false, false, false}; };

  for (const Code code : {Code::kUnavailable, Code::kCancelled, Code::kState}) {
    CHECK(end_of(failed(code)) == RunEnd::kStopped);
    CHECK(run_status_of(failed(code)) == RunStatus::kStopped);
  }
  CHECK(end_of(failed(Code::kThreshold)) == RunEnd::kStopped);
  CHECK(run_status_of(failed(Code::kThreshold)) == RunStatus::kFailed);
  for (const Code code : {Code::kJob, Code::kPlugin, Code::kInternal}) {
    CHECK(end_of(failed(code)) == RunEnd::kFailed);
    CHECK(run_status_of(failed(code)) == RunStatus::kFailed);
  }
}
