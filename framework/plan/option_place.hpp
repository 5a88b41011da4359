// Where the job file asks for what went wrong.
#pragma once

#include "framework/core/status.hpp"
#include "framework/job/spec.hpp"

namespace chunkmill::host {

// The option that `status` names, or the map around it; else where the plugin itself stands.
Place place_of(const PluginSpec& plugin, const Status& status);

// `status` with that place in front of its message, "job.yaml:7:10: ..."; as it is where the place
// is none of the job file.
Status at_place(const JobSpec& spec, const PluginSpec& plugin, const Status& status);

}  // namespace chunkmill::host
