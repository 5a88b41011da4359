#include "framework/cli/job_state.hpp"

#include <algorithm>
#include <iostream>
#include <limits>

#include "chunkmill/format.hpp"
#include "framework/job/load.hpp"
#include "framework/run/known_id.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr int64_t kAllRuns = std::numeric_limits<int64_t>::max();

template <typename T>
Status read_word(const std::string& word, std::initializer_list<T> known,
                 std::string_view (*name_of)(T), const char* what, std::vector<T>* out) {
  std::string there;
  for (const T one : known) {
    if (word == name_of(one)) {
      out->push_back(one);
      return Status();
    }
    there += (there.empty() ? "" : ", ") + std::string(name_of(one));
  }
  return Status(Code::kUsage,
                "there is no " + std::string(what) + " \"" + word + "\"; there are: " + there);
}

}  // namespace

std::unique_ptr<JobState> open_job_state(const std::string& path, const CommonOptions& common,
                                         int* exit_code, OpenMode mode) {
  const Result<SessionOptions> options = common.session_options();
  if (!options.ok()) {
    *exit_code = fail(options.status());
    return nullptr;
  }
  LoadOptions load;
  load.overrides = common.overrides;
  load.shard = options->shard;
  load.environment = [](std::string_view) { return std::optional<std::string>(""); };
  const SchemaOf anything = [](std::string_view, std::string_view) -> Result<std::string> {
    return std::string(R"({"type": "object", "additionalProperties": true})");
  };
  Faults faults;
  std::string text;
  Result<JobSpec> spec = load_job(path, load, anything, &faults, &text);
  if (!spec.ok()) {
    std::cerr << render_text(faults, path, text, options->log.color);
    *exit_code = exit_code_of(spec.status().code());
    return nullptr;
  }
  auto job = std::make_unique<JobState>();
  job->spec = spec.take();
  std::filesystem::path folder = common.state_folder;
  if (folder.empty()) folder = std::filesystem::path(job->spec.path).parent_path() / ".chunkmill";
  job->spec.id = known_id(folder, job->spec, job->clock);
  const std::filesystem::path file = state_path(folder, job->spec.id);
  Result<std::unique_ptr<StateStore>> store = StateStore::open(file, mode, job->clock);
  if (!store.ok()) {
    *exit_code = store.status().code() == Code::kNotFound
                     ? fail(Status(Code::kUsage, "job " + job->spec.name +
                                                     " has not run yet: there is no state at " +
                                                     file.string()))
                     : fail(store.status());
    return nullptr;
  }
  job->store = store.take();
  return job;
}

void RejectQuery::describe(options::options_description* described) {
  auto add = described->add_options();
  add("code", options::value(&code), "only rejects with this code, e.g. bad_number");
  add("stage", options::value(&stage), "only rejects of one stage: read, calculate or write");
  add("column", options::value(&column), "only rejects of this column");
  add("run", options::value(&run),
      "only rejects of this run (default: list and export show all runs, replay takes the newest "
      "one and the replays since it began)");
  add("status", options::value(&status),
      "open, replayed, resolved, dismissed or all (default: open, those that wait for somebody)");
  add("limit", options::value(&limit), "no more than so many");
}

Result<RejectFilter> RejectQuery::filter() const {
  RejectFilter out;
  out.code = code;
  out.column = column;
  out.ids = ids;
  if (limit < 0) return Status(Code::kUsage, "--limit is a number above 0");
  if (limit > 0) out.limit = limit;
  if (!stage.empty())
    RETURN_IF_ERROR(read_word(stage,
                              {RejectStage::kRead, RejectStage::kCalculate, RejectStage::kWrite},
                              reject_stage_name, "stage", &out.stages));
  if (status != "all")
    RETURN_IF_ERROR(read_word(status,
                              {RejectState::kOpen, RejectState::kReplayed, RejectState::kResolved,
                               RejectState::kDismissed},
                              reject_state_name, "status of rejects", &out.states));
  return out;
}

Status RejectQuery::choose_run(StateStore& store, RejectFilter* filter) const {
  if (run.empty()) return Status();
  if (!store.find_run(run).ok())
    return Status(Code::kUsage, "there is no run " + run + "; see: chunkmill runs list");
  filter->run = run;
  return Status();
}

Result<std::vector<std::string>> newest_runs(StateStore& store) {
  ASSIGN_OR_RETURN(const std::vector<RunRecord> all, store.runs(kAllRuns));
  std::vector<std::string> out;
  for (const RunRecord& run : all) {
    out.insert(out.begin(), run.run);
    if (run.command == "run") break;
  }
  return out;
}

std::string place_text(const Reject& reject) {
  if (reject.where.empty()) return "";
  std::string text = std::filesystem::path(reject.where).filename().string();
  if (reject.line > 0) text += ":" + std::to_string(reject.line);
  return text;
}

std::string time_text(int64_t wall_ms) {
  if (wall_ms == 0) return "-";
  std::string text;
  append_timestamp(&text, wall_ms / 1000 * 1'000'000);
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

}  // namespace chunkmill::host::cli
