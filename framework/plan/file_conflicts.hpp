// Files that a job would read and write at once.
#pragma once

#include "framework/job/fault.hpp"
#include "framework/job/spec.hpp"
#include "framework/plugin/registry.hpp"

namespace chunkmill::host {

// Reports sinks and hooks that write a file which the source or a lookup reads, also by a pattern
// that a later run would find it with, by a link or another spelling; two sinks on one file; and
// the job file itself. What a plugin writes is its required Path options, what it reads all of
// them. A database may be source and sink: the same type, whose path is one file. Looks at names
// alone, changes nothing.
void check_files(const JobSpec& spec, Registry& registry, Faults* faults);

}  // namespace chunkmill::host
