#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs = {
      {"run", "JOB", "runs a job, or resumes it", run_command},
      {"validate", "JOB", "checks a job without moving a row, and says what it guarantees",
       validate_command},
      {"plan", "JOB", "shows splits, columns at each stage, lanes and guarantees", plan_command},
      {"preview", "JOB", "shows the first rows at every stage; writes nothing", preview_command},
      {"plugins list", "", "lists the plugins there are", plugins_list_command},
      {"plugins describe", "KIND NAME", "shows a plugin's options and an example",
       plugins_describe_command},
      {"plugins new", "KIND NAME", "makes a folder with a plugin to begin with",
       plugins_new_command},
      {"plugins check", "FILE.so", "checks that a plugin keeps its side of the ABI",
       plugins_check_command},
      {"plugins lock", "JOB", "pins the plugins that a job uses in plugins.lock",
       plugins_lock_command},
      {"plugins schema", "", "prints a JSON Schema of the job file, for editors",
       plugins_schema_command},
      {"rejects list", "JOB", "shows rejected rows by cause", rejects_list_command},
      {"rejects show", "JOB ID", "shows all that is known of one reject", rejects_show_command},
      {"rejects export", "JOB", "writes rejects to a CSV or JSON lines file",
       rejects_export_command},
      {"rejects replay", "JOB", "runs rejected rows again", rejects_replay_command},
      {"rejects dismiss", "JOB ID...", "says that rejects are not to be written, and why",
       rejects_dismiss_command},
      {"runs list", "JOB", "lists the runs of a job", runs_list_command},
      {"runs show", "JOB [RUN]", "shows a run's rows, splits and chunks", runs_show_command},
  };
  return kVerbs;
}

const Verb& verb_named(const std::string& name) {
  for (const Verb& verb : verbs())
    if (name == verb.name) return verb;
  return verbs().front();
}

}  // namespace chunkmill::host::cli
