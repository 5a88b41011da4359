// From a job file to a JobSpec, or to all that is wrong with it. Start here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/job/fault.hpp"
#include "framework/job/spec.hpp"

namespace chunkmill::host {

inline constexpr std::size_t kMaxJobBytes = std::size_t{1} << 20;

struct LoadOptions {
  // Each "sinks.0.table=x": the path must exist up to its parent; the value is read as YAML.
  std::vector<std::string> overrides;
  // What `${NAME}` stands for; unset when it has no value. Not given: the process's environment.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  std::optional<Shard> shard;
};

// The option schema (JSON) of the plugin `type` of a kind. Code::kNotFound, with a message that
// names near plugins, when there is none; whatever the failure, it becomes a fault at `type:`.
using SchemaOf = std::function<Result<std::string>(std::string_view kind, std::string_view type)>;

// Reads and checks a job file. On any error returns Code::kJob with a one-line summary, and
// `faults` holds them all: YAML, structure, variables and the options of every plugin. `faults` may
// hold warnings when it returns a spec. A file that cannot be read is a fault too. Touches nothing
// but the file and calls nothing but `schema_of`; time and memory stay bounded for any input.
// `text`, when not null, receives the file's text for render_text, also on errors.
Result<JobSpec> load_job(const std::string& path, const LoadOptions& options,
                         const SchemaOf& schema_of, Faults* faults, std::string* text = nullptr);

// The same for a text in memory that is taken to stand at `path`, which need not exist.
Result<JobSpec> load_job_text(std::string_view text, const std::string& path,
                              const LoadOptions& options, const SchemaOf& schema_of,
                              Faults* faults);

}  // namespace chunkmill::host
