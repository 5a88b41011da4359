// The suite behind `plugins check FILE.so`: does a plugin keep its side of the ABI?
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "chunkmill/abi/options.h"
#include "framework/core/status.hpp"

namespace chunkmill::host {

struct Check {
  enum class Outcome { kPassed, kFailed, kSkipped };
  std::string name;  // a sentence: "planning twice gives the same splits"
  Outcome outcome = Outcome::kPassed;
  std::string detail;  // why it failed or was skipped; empty when it passed
};

struct ConformanceReport {
  std::string plugin;  // `source "csv" 1.0.0`, empty where the file could not be read
  std::vector<Check> checks;

  bool passed() const;
  size_t count(Check::Outcome outcome) const;
};

struct ConformanceOptions {
  // Options to create the plugin with; null: only what needs none is checked. Borrowed. A sink is
  // written to: name a scratch target.
  const cm_options* options = nullptr;
  // For the whole suite, which runs in a child process.
  std::chrono::milliseconds time_limit{30000};
};

// Never fails itself: whatever is wrong with the file, a crash and a hang included, is a failed
// check of the report.
ConformanceReport check_plugin(const std::filesystem::path& file,
                               const ConformanceOptions& options);

}  // namespace chunkmill::host
