// The id of a job whose file has got another place.
#pragma once

#include <filesystem>
#include <string>

#include "framework/job/spec.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

// `spec.id`; or the id that the job had before its file was renamed, its folder was moved or a link
// to it was turned: where `folder` has no state under `spec.id`, but one of a job of the same name
// whose file is gone, or was named by the very same path. A copy beside the original is a job of
// its own, and so is one whose file says `id:`. Changes nothing.
std::string known_id(const std::filesystem::path& folder, const JobSpec& spec, const Clock& clock);

}  // namespace chunkmill::host
