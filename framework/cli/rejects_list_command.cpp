#include <algorithm>
#include <iostream>

#include "chunkmill/json.hpp"
#include "framework/cli/job_state.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/reject_json.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr int64_t kRowsShown = 20;

// Groups of several runs as one list, most frequent first.
Result<std::vector<RejectGroup>> groups_of(StateStore& store, const std::vector<RunRecord>& runs,
                                           const RejectFilter& filter) {
  std::vector<RejectGroup> all;
  for (const RunRecord& run : runs) {
    RejectFilter one = filter;
    one.run = run.run;
    ASSIGN_OR_RETURN(const std::vector<RejectGroup> groups, store.reject_groups(one));
    for (const RejectGroup& group : groups) {
      const auto same = [&](const RejectGroup& other) {
        return other.code == group.code && other.stage == group.stage &&
               other.error_class == group.error_class;
      };
      const auto known = std::find_if(all.begin(), all.end(), same);
      if (known == all.end()) {
        all.push_back(group);
      } else {
        known->count += group.count;
      }
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const RejectGroup& a, const RejectGroup& b) { return a.count > b.count; });
  return all;
}

std::string count_text(int64_t count, const char* one, const char* many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

std::string as_text(const std::vector<RejectGroup>& groups, const std::vector<Reject>& rejects,
                    const RejectQuery& query, const Screen& screen) {
  int64_t total = 0;
  for (const RejectGroup& group : groups) total += group.count;
  const std::string kind = query.status == "all" ? "" : query.status + " ";
  if (total == 0) return "no " + kind + "rejects\n";
  Page page(screen);
  page.text(screen.bold(count_text(total, (kind + "reject").c_str(), (kind + "rejects").c_str())) +
            ", " + count_text(static_cast<int64_t>(groups.size()), "cause", "causes") + "\n\n");

  Table causes({"count", "stage", "code", "first", "example"}, Overflow::kCut);
  causes.right(0);
  for (const RejectGroup& group : groups)
    causes.add({with_thousands(group.count), std::string(reject_stage_name(group.stage)),
                group.code, place_text(group.first), group.first.message});
  page.table(causes, 0);
  page.gap();

  Table rows({"id", "where", "code", "column", "why"}, Overflow::kCut);
  rows.right(0);
  for (const Reject& reject : rejects)
    rows.add({std::to_string(reject.id), place_text(reject), reject.code, reject.column,
              reject.message});
  page.table(rows, 0);
  if (const auto shown = static_cast<int64_t>(rejects.size()); shown < total)
    page.text(screen.dim("and " + with_thousands(total - shown) + " more; --limit N shows more") +
              "\n");
  return page.str();
}

std::string as_json(const std::vector<RejectGroup>& groups, const std::vector<Reject>& rejects) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().key("causes").begin_array();
  for (const RejectGroup& group : groups) {
    json.begin_object().field("count", group.count);
    json.field("stage", reject_stage_name(group.stage)).field("class", group.error_class);
    json.field("code", group.code).key("first");
    write_reject(&json, group.first);
    json.end_object();
  }
  json.end_array().key("rejects").begin_array();
  for (const Reject& reject : rejects) write_reject(&json, reject);
  json.end_array().end_object();
  return text + '\n';
}

}  // namespace

int rejects_list_command(const Arguments& arguments) {
  CommonOptions common;
  RejectQuery query;
  options::options_description described("options");
  query.describe(&described);
  common.describe_state(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("rejects list"), described, {"JOB"}, arguments, &values))
    return *done;

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  Result<RejectFilter> filter = query.filter();
  if (!filter.ok()) return fail(filter.status());
  const Result<std::vector<RunRecord>> runs = query.runs(*job->store);
  if (!runs.ok()) return fail(runs.status());
  const Result<std::vector<RejectGroup>> groups = groups_of(*job->store, *runs, *filter);
  if (!groups.ok()) return fail(groups.status());
  if (query.limit == 0 && !common.json()) filter->limit = kRowsShown;
  const Result<std::vector<Reject>> rejects = rejects_of(*job->store, *runs, *filter);
  if (!rejects.ok()) return fail(rejects.status());
  std::cout << (common.json()
                    ? as_json(*groups, *rejects)
                    : as_text(*groups, *rejects, query, Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
