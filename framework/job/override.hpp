// `--set sinks.0.table=x`: values of the command line put into a job's tree.
#pragma once

#include <vector>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

// Applies sources[1], sources[2], ... to `root`. Keys and list indexes of the path must exist up to
// the last one, which may be a new key; a section of the job's top level is made where it is not
// there. The value is read as YAML.
void apply_overrides(Value* root, const std::vector<SourceText>& sources, Faults* faults);

}  // namespace chunkmill::host
