#include <cstring>
#include <fstream>
#include <iostream>

#include "framework/cli/job_state.hpp"
#include "framework/cli/reject_json.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {
namespace {

void append_csv(std::string* out, std::string_view value) {
  if (out->empty() || out->back() != '\n') out->push_back(',');
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (const char c : value) out->append(c == '"' ? 2 : 1, c);
  out->push_back('"');
}

// The record as it was stands last, so that the reasons can be cut off.
std::string as_csv(const std::vector<Reject>& rejects) {
  std::string out =
      "id,run,where,line,stage,plugin,plugin_version,class,code,column,message,state,fields,raw\n";
  for (const Reject& reject : rejects) {
    out += std::to_string(reject.id);
    append_csv(&out, reject.run);
    append_csv(&out, reject.where);
    append_csv(&out, std::to_string(reject.line));
    append_csv(&out, reject_stage_name(reject.stage));
    append_csv(&out, reject.plugin);
    append_csv(&out, reject.plugin_version);
    append_csv(&out, reject.error_class);
    append_csv(&out, reject.code);
    append_csv(&out, reject.column);
    append_csv(&out, reject.message);
    append_csv(&out, reject_state_name(reject.state));
    append_csv(&out, reject.fields_json);
    append_csv(&out, reject.raw);
    out += '\n';
  }
  return out;
}

std::string as_json_lines(const std::vector<Reject>& rejects) {
  std::string out;
  for (const Reject& reject : rejects) {
    JsonWriter json(&out);
    write_reject(&json, reject);
    out += '\n';
  }
  return out;
}

// Whole or not at all: under a temporary name first.
Status write_file(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path temporary = file.string() + ".part";
  std::error_code failed;
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) {
      const std::string why = std::strerror(errno);
      std::filesystem::remove(temporary, failed);
      return Status(Code::kState, "cannot write " + file.string() + ": " + why);
    }
  }
  std::filesystem::rename(temporary, file, failed);
  if (!failed) return Status();
  return Status(Code::kState, "cannot write " + file.string() + ": " + failed.message());
}

}  // namespace

int rejects_export_command(const Arguments& arguments) {
  CommonOptions common;
  RejectQuery query;
  std::string to;
  options::options_description described("options");
  described.add_options()("to", options::value(&to),
                          "FILE.csv or FILE.jsonl (default: JSON lines on standard output)");
  query.describe(&described);
  common.describe_state(&described);
  options::variables_map values;
  const Verb& verb = verb_named("rejects export");
  if (const auto done = parse(verb, described, {"JOB"}, arguments, &values)) return *done;
  const bool csv = to.ends_with(".csv");
  if (!to.empty() && !csv && !to.ends_with(".jsonl"))
    return fail(Status(Code::kUsage, "--to is a FILE.csv or a FILE.jsonl, not \"" + to + "\""));

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  const Result<RejectFilter> filter = query.filter();
  if (!filter.ok()) return fail(filter.status());
  const Result<std::vector<RunRecord>> runs = query.runs(*job->store);
  if (!runs.ok()) return fail(runs.status());
  const Result<std::vector<Reject>> rejects = rejects_of(*job->store, *runs, *filter);
  if (!rejects.ok()) return fail(rejects.status());
  const std::string text = csv ? as_csv(*rejects) : as_json_lines(*rejects);
  if (to.empty()) {
    std::cout << text;
    return kSuccess;
  }
  if (const Status status = write_file(to, text); !status.ok()) return fail(status);
  std::cerr << rejects->size() << (rejects->size() == 1 ? " reject" : " rejects") << " written to "
            << to << "\n";
  return kSuccess;
}

}  // namespace chunkmill::host::cli
