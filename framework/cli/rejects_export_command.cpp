#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>

#include "framework/cli/job_state.hpp"
#include "framework/cli/reject_file.hpp"
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

constexpr const char* kCsvHeader =
    "id,run,where,line,stage,plugin,plugin_version,code,column,message,state,fields,"
    "raw_base64,raw\n";

// The record as it was stands last, so that the reasons can be cut off. What is no UTF-8 would not
// survive an editor: it is given in base64.
void append_csv(std::string* out, const Reject& reject) {
  const bool text = is_utf8(reject.raw);
  *out += std::to_string(reject.id);
  append_csv(out, reject.run);
  append_csv(out, reject.where);
  append_csv(out, std::to_string(reject.line));
  append_csv(out, reject_stage_name(reject.stage));
  append_csv(out, reject.plugin);
  append_csv(out, reject.plugin_version);
  append_csv(out, reject.code);
  append_csv(out, reject.column);
  append_csv(out, reject.message);
  append_csv(out, reject_state_name(reject.state));
  append_csv(out, reject.fields_json);
  append_csv(out, text ? std::string() : to_base64(reject.raw));
  append_csv(out, text ? reject.raw : std::string());
  *out += '\n';
}

// Rejects are read as they are written: memory stays flat.
Result<int64_t> write_rejects(StateStore& store, RejectFilter filter, bool csv, std::ostream& out) {
  constexpr int64_t kPage = 100;
  int64_t left = filter.limit;
  int64_t count = 0;
  if (csv) out << kCsvHeader;
  while (left > 0) {
    filter.limit = std::min(kPage, left);
    ASSIGN_OR_RETURN(const std::vector<Reject> page, store.find_rejects(filter));
    if (page.empty()) break;
    for (const Reject& reject : page) {
      std::string line;
      if (csv) {
        append_csv(&line, reject);
      } else {
        JsonWriter json(&line);
        write_reject(&json, reject);
        line += '\n';
      }
      out << line;
    }
    filter.after_id = page.back().id;
    count += static_cast<int64_t>(page.size());
    left -= static_cast<int64_t>(page.size());
  }
  out.flush();
  return count;
}

// Whole or not at all: under a temporary name first.
Result<int64_t> write_file(const std::filesystem::path& file, StateStore& store,
                           const RejectFilter& filter) {
  const std::filesystem::path temporary = file.string() + ".part";
  std::error_code failed;
  int64_t count = 0;
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    ASSIGN_OR_RETURN(count, write_rejects(store, filter, file.extension() == ".csv", out));
    if (!out) {
      const std::string why = std::strerror(errno);
      std::filesystem::remove(temporary, failed);
      return Status(Code::kState, "cannot write " + file.string() + ": " + why);
    }
  }
  std::filesystem::rename(temporary, file, failed);
  if (!failed) return count;
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
  if (!to.empty() && !to.ends_with(".csv") && !to.ends_with(".jsonl"))
    return fail(Status(Code::kUsage, "--to is a FILE.csv or a FILE.jsonl, not \"" + to + "\""));

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  Result<RejectFilter> filter = query.filter();
  if (!filter.ok()) return fail(filter.status());
  if (const Status chosen = query.choose_run(*job->store, &*filter); !chosen.ok())
    return fail(chosen);
  if (to.empty()) {
    const Result<int64_t> written = write_rejects(*job->store, *filter, false, std::cout);
    return written.ok() ? kSuccess : fail(written.status());
  }
  const Result<int64_t> written = write_file(to, *job->store, *filter);
  if (!written.ok()) return fail(written.status());
  std::cerr << *written << (*written == 1 ? " reject" : " rejects") << " written to " << to << "\n";
  return kSuccess;
}

}  // namespace chunkmill::host::cli
