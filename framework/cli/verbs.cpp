#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs = {
      {"run", "JOB", "runs a job, or goes on with it", run_command},
  };
  return kVerbs;
}

const Verb& verb_named(const std::string& name) {
  for (const Verb& verb : verbs())
    if (name == verb.name) return verb;
  return verbs().front();
}

}  // namespace chunkmill::host::cli
