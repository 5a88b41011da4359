#include <iostream>

#include "framework/cli/verbs.hpp"
#include "framework/plan/editor_schema.hpp"
#include "framework/plugin/registry.hpp"

namespace chunkmill::host::cli {

int plugins_schema_command(const Arguments& arguments) {
  CommonOptions common;
  options::options_description described("options");
  common.describe_lookup(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("plugins schema"), described, {}, arguments, &values))
    return *done;

  Registry registry(common.folders());
  std::vector<Status> left_out;
  std::cout << editor_schema(registry, &left_out) << '\n';
  for (const Status& status : left_out)
    std::cerr << "chunkmill: warning: left out: " << status.message() << "\n";
  return kSuccess;
}

}  // namespace chunkmill::host::cli
