// The verbs that run a job, and what they print when it has ended.
#pragma once

#include "framework/cli/command.hpp"

namespace chunkmill::host::cli {

int run_command(const std::vector<std::string>& arguments);

// Prints the summary of a run and gives its exit code. `resume` is the command that resumes it.
int report(JobSession& session, const RunOutcome& outcome, const CommonOptions& common,
           const std::string& resume);

}  // namespace chunkmill::host::cli
