// Reads a job file's bytes, and names the job by its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "framework/job/fault.hpp"

namespace chunkmill::host {

// The file's text; nothing, and a fault, when it is not a regular file, cannot be read, or is
// larger than kMaxJobBytes. Never waits for a pipe.
std::optional<std::string> read_job_file(const std::string& path, Faults* faults);

// The fault of a file above kMaxJobBytes.
void report_too_large(std::uint64_t size, Faults* faults);

// With the current folder before it when it is relative, `.` and `..` taken out. The file need not
// exist.
std::string absolute_path(const std::string& path);

// `name`@ and 8 hex digits of a hash of the path with its links followed: the same for every way of
// naming the file, and stable between builds.
std::string job_id(const std::string& name, const std::string& path);

// The part of `id` before "/shard-".
std::string_view without_shard(std::string_view id);

}  // namespace chunkmill::host
