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

std::string count_text(int64_t count, const char* one, const char* many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

// What the list says beside the rejects that it shows.
struct Beside {
  int64_t not_committed = 0;
  int64_t in_replay = 0;  // taken up by a replay that is not finished
  std::string replay;
};

Result<Beside> look_beside(StateStore& store, const RejectFilter& filter) {
  Beside out;
  RejectFilter waiting = filter;
  waiting.limit = std::numeric_limits<int64_t>::max();
  ASSIGN_OR_RETURN(const Unreadable unreadable, store.count_unreadable(waiting));
  out.not_committed = unreadable.not_committed;
  ASSIGN_OR_RETURN(const std::optional<RunRecord> replay, store.unsettled_replay());
  if (!replay) return out;
  out.replay = replay->run;
  ASSIGN_OR_RETURN(out.in_replay, store.count_replay_records(replay->run));
  return out;
}

void add_beside(Page* page, const Beside& beside) {
  if (beside.not_committed > 0)
    page->text(count_text(beside.not_committed, "of them is", "of them are") +
               " of a chunk that was not committed: its run stopped before. They are here to be "
               "looked at; the run reads that chunk again\n");
  if (beside.in_replay > 0)
    page->text(count_text(beside.in_replay, "more is", "more are") + " in replay " + beside.replay +
               ", which is not finished: run `chunkmill rejects replay` again\n");
}

std::string as_text(const std::vector<RejectGroup>& groups, const std::vector<Reject>& rejects,
                    const RejectQuery& query, const Beside& beside, const Screen& screen) {
  int64_t total = 0;
  for (const RejectGroup& group : groups) total += group.count;
  const std::string kind = query.status == "all" ? "" : query.status + " ";
  Page page(screen);
  if (total == 0) {
    page.text("no " + kind + "rejects\n");
    add_beside(&page, beside);
    return page.str();
  }
  page.text(screen.bold(count_text(total, (kind + "reject").c_str(), (kind + "rejects").c_str())) +
            ", " + count_text(static_cast<int64_t>(groups.size()), "cause", "causes") + "\n\n");

  Table causes({"count", "stage", "code", "first", "example"}, Overflow::kCut);
  causes.right(0);
  for (const RejectGroup& group : groups)
    causes.add({with_thousands(group.count), std::string(reject_stage_name(group.stage)),
                group.code, place_text(group.first), group.first.message});
  page.table(causes, 0);
  page.gap();

  // Which run a reject is of matters where there are several.
  const bool several = std::any_of(rejects.begin(), rejects.end(), [&](const Reject& reject) {
    return reject.run != rejects.front().run;
  });
  std::vector<std::string> titles = {"id", "where", "code", "column", "why"};
  if (several) titles.insert(titles.begin() + 1, {"run", "since"});
  Table rows(titles, Overflow::kCut);
  rows.right(0);
  for (const Reject& reject : rejects) {
    std::vector<std::string> cells = {std::to_string(reject.id), place_text(reject), reject.code,
                                      reject.column, reject.message};
    if (several) cells.insert(cells.begin() + 1, {reject.run, time_text(reject.created_ms)});
    rows.add(cells);
  }
  page.table(rows, 0);
  if (const auto shown = static_cast<int64_t>(rejects.size()); shown < total)
    page.text(screen.dim("and " + with_thousands(total - shown) + " more; --limit N shows more") +
              "\n");
  add_beside(&page, beside);
  return page.str();
}

std::string as_json(const std::vector<RejectGroup>& groups, const std::vector<Reject>& rejects) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().key("causes").begin_array();
  for (const RejectGroup& group : groups) {
    json.begin_object().field("count", group.count);
    json.field("stage", reject_stage_name(group.stage));
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
  StateStore& store = *job->store;
  if (const Status chosen = query.choose_run(store, &*filter); !chosen.ok()) return fail(chosen);
  const Result<std::vector<RejectGroup>> groups = store.reject_groups(*filter);
  if (!groups.ok()) return fail(groups.status());
  if (query.limit == 0 && !common.json()) filter->limit = kRowsShown;
  const Result<std::vector<Reject>> rejects = store.find_rejects(*filter);
  if (!rejects.ok()) return fail(rejects.status());
  Beside beside;
  if (query.status == "open" && !common.json()) {
    const Result<Beside> found = look_beside(store, *filter);
    if (found.ok()) beside = *found;
  }
  std::cout << (common.json() ? as_json(*groups, *rejects)
                              : as_text(*groups, *rejects, query, beside,
                                        Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
