// From a job's tree to its JobSpec.
#pragma once

#include <string>

#include "framework/job/fault.hpp"
#include "framework/job/load.hpp"
#include "framework/job/spec.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

// Reads everything below `root`, asks `schema_of` for each plugin's options once, and reports all
// faults. The spec is usable only when there are none; its path, id and text are not set here.
// `folder` is what relative paths are resolved against.
JobSpec read_job_tree(Value root, const std::string& folder, const SchemaOf& schema_of,
                      Faults* faults);

}  // namespace chunkmill::host
