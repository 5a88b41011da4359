#include <iostream>

#include "chunkmill/parse.hpp"
#include "framework/cli/job_state.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

int rejects_dismiss_command(const Arguments& arguments) {
  CommonOptions common;
  std::string reason;
  options::options_description described("options");
  described.add_options()("reason", options::value(&reason),
                          "why they are not to be written; `rejects show` tells it");
  common.describe_state(&described);
  options::variables_map values;
  const Verb& verb = verb_named("rejects dismiss");
  if (const auto done = parse(verb, described, {"JOB", "ID..."}, arguments, &values)) return *done;
  if (reason.empty())
    return fail(Status(Code::kUsage, "say why with --reason TEXT: it stays with the rejects"));
  RejectFilter filter;
  for (const std::string& word : values["ID"].as<std::vector<std::string>>()) {
    int64_t id = 0;
    if (parse_int64(word, &id) != ParseFault::kNone || id < 1)
      return fail(Status(
          Code::kUsage, "\"" + word + "\" is not the id of a reject; see: chunkmill rejects list"));
    filter.ids.push_back(id);
  }
  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job =
      open_job_state(operand(values, "JOB"), common, &exit_code, OpenMode::kExisting);
  if (!job) return exit_code;
  const Result<int64_t> dismissed = job->store->dismiss_rejects(filter, reason);
  if (!dismissed.ok()) return fail(dismissed.status());
  const auto others = static_cast<int64_t>(filter.ids.size()) - *dismissed;
  std::cout << *dismissed << (*dismissed == 1 ? " reject" : " rejects") << " dismissed\n";
  if (others == 0) return kSuccess;
  return fail(Status(Code::kUsage, std::to_string(others) +
                                       " of the ids are of no open reject; see: chunkmill rejects "
                                       "list --status all"));
}

}  // namespace chunkmill::host::cli
