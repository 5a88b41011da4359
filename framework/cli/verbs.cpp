#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs = {
      {"run", "JOB", "runs a job, or goes on with it", run_command},
      {"validate", "JOB", "checks a job without moving a row, and says what it guarantees",
       validate_command},
      {"plan", "JOB", "shows splits, columns at each stage, lanes and guarantees", plan_command},
      {"preview", "JOB", "shows the first rows at every stage; writes nothing", preview_command},
      {"plugins list", "", "lists the plugins there are", plugins_list_command},
      {"plugins describe", "KIND NAME", "shows a plugin's options and an example",
       plugins_describe_command},
  };
  return kVerbs;
}

const Verb& verb_named(const std::string& name) {
  for (const Verb& verb : verbs())
    if (name == verb.name) return verb;
  return verbs().front();
}

}  // namespace chunkmill::host::cli
