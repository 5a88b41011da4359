#include "framework/job/load.hpp"

#include "framework/job/interpolate.hpp"
#include "framework/job/job_file.hpp"
#include "framework/job/job_reader.hpp"
#include "framework/job/override.hpp"
#include "framework/job/source_text.hpp"
#include "framework/job/yaml_tree.hpp"

namespace chunkmill::host {
namespace {

// One line for who shows no faults: the first of them, and how many more.
Status summary(const std::string& path, const Faults& faults) {
  std::string message = path;
  for (const Fault& fault : faults.all()) {
    if (fault.severity != Severity::kError) continue;
    if (fault.place.known() && fault.place.source == 0) {
      message += ":" + std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column);
    }
    message += ": " + fault.message;
    break;
  }
  if (faults.errors() > 1) message += " (and " + std::to_string(faults.errors() - 1) + " more)";
  return Status(Code::kJob, std::move(message));
}

// The job's tree with overrides and variables in; nothing when it cannot be had.
std::optional<Value> read_tree(const std::vector<SourceText>& sources, const LoadOptions& options,
                               Faults* faults) {
  std::optional<Value> root = read_yaml(sources.front(), 0, faults);
  if (!root) return std::nullopt;
  if (root->is_null()) {
    faults->error({}, "the file is empty", {}, "A job has at least job:, source: and sinks:.");
    return std::nullopt;
  }
  if (!root->is_map()) {
    faults->error(root->place(), "a job file is a map of keys", "expected job:, source:, sinks:");
    return std::nullopt;
  }
  apply_overrides(&*root, sources, faults);
  interpolate(&*root, sources,
              options.environment ? options.environment : Environment(process_environment), faults);
  return root;
}

}  // namespace

Result<JobSpec> load_job_text(std::string_view text, const std::string& path,
                              const LoadOptions& options, const SchemaOf& schema_of,
                              Faults* faults) {
  if (text.size() > kMaxJobBytes) {
    report_too_large(text.size(), faults);
    return summary(path, *faults);
  }
  std::vector<SourceText> sources;
  sources.emplace_back(text);
  for (const std::string& override : options.overrides) {
    sources.emplace_back(override, static_cast<int>(sources.size()));
  }
  faults->set_overrides(options.overrides);

  std::optional<Value> root = read_tree(sources, options, faults);
  if (!root) return summary(path, *faults);
  const std::string absolute = absolute_path(path);
  const std::string folder = absolute.substr(0, std::max<std::size_t>(1, absolute.rfind('/')));
  JobSpec job = read_job_tree(std::move(*root), folder, schema_of, faults);
  if (faults->has_errors()) return summary(path, *faults);

  job.path = absolute;
  if (job.id.empty()) job.id = job_id(job.name, path);
  job.shard = options.shard;
  if (job.shard)
    job.id +=
        "/shard-" + std::to_string(job.shard->index) + "-of-" + std::to_string(job.shard->count);
  job.text = text;
  return job;
}

Result<JobSpec> load_job(const std::string& path, const LoadOptions& options,
                         const SchemaOf& schema_of, Faults* faults, std::string* text) {
  const std::optional<std::string> read = read_job_file(path, faults);
  if (!read) return summary(path, *faults);
  if (text != nullptr) *text = *read;
  return load_job_text(*read, path, options, schema_of, faults);
}

}  // namespace chunkmill::host
