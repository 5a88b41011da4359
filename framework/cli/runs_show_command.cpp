#include <iostream>

#include "framework/cli/job_state.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/run_json.hpp"
#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr int64_t kChunksShown = 10;

// Everything the state knows of one run.
struct RunDetails {
  RunRecord run;
  RejectTally rejects;
  std::vector<SplitRecord> splits;
  std::vector<ChunkRecord> chunks;  // newest first
};

Result<RunDetails> find_details(StateStore& store, const std::string& id, int64_t chunks) {
  RunDetails out;
  if (id.empty()) {
    ASSIGN_OR_RETURN(std::vector<RunRecord> newest, store.runs(1));
    if (newest.empty()) return Status(Code::kUsage, "there is no run yet");
    out.run = std::move(newest.front());
  } else {
    Result<RunRecord> found = store.find_run(id);
    if (found.status().code() == Code::kNotFound)
      return Status(Code::kUsage, "there is no run " + id + "; see: chunkmill runs list");
    if (!found.ok()) return found.status();
    out.run = found.take();
  }
  ASSIGN_OR_RETURN(out.rejects, store.count_rejects(out.run.run));
  ASSIGN_OR_RETURN(out.splits, store.splits(out.run.run));
  ASSIGN_OR_RETURN(out.chunks, store.chunks(out.run.run, chunks));
  if (out.run.ended_ms == 0) {
    ASSIGN_OR_RETURN(out.run.totals, store.committed_counts(out.run.run));
  }
  return out;
}

std::string equation(const RowCounts& rows) {
  return "read " + with_thousands(rows.read) + " = written " + with_thousands(rows.written) +
         " + rejected " + with_thousands(rows.rejected) + " + filtered " +
         with_thousands(rows.filtered) + " + pending " + with_thousands(rows.pending);
}

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

void add_splits(Page* page, const std::vector<SplitRecord>& splits) {
  if (splits.empty()) return;
  page->line("splits", "");
  Table table({"split", "chunks", "read", "written", "rejected", ""});
  for (const size_t number : {1, 2, 3, 4}) table.right(number);
  for (const SplitRecord& split : splits)
    table.add({split.split, with_thousands(static_cast<int64_t>(split.next_chunk)),
               with_thousands(split.counts.read), with_thousands(split.counts.written),
               with_thousands(split.counts.rejected), split.done ? "done" : "not done"});
  page->table(table);
}

void add_chunks(Page* page, const std::vector<ChunkRecord>& chunks) {
  if (chunks.empty()) return;
  page->line("chunks", "the newest " + std::to_string(chunks.size()) + "; seconds");
  Table table({"split", "#", "rows", "rejected", "read", "calculate", "write", "commit"});
  for (const size_t number : {1, 2, 3, 4, 5, 6, 7}) table.right(number);
  for (const ChunkRecord& chunk : chunks)
    table.add({chunk.split, std::to_string(chunk.sequence), with_thousands(chunk.counts.read),
               with_thousands(chunk.counts.rejected), seconds(chunk.read_seconds),
               seconds(chunk.calculate_seconds), seconds(chunk.write_seconds),
               seconds(chunk.commit_seconds)});
  page->table(table);
}

std::string as_text(const RunDetails& details, const Screen& screen) {
  const RunRecord& run = details.run;
  Page page(screen);
  page.line("run", run.run + " of job " + run.job + " (" + run.command + ")");
  page.line("status",
            status_text(run) + (run.message.empty() ? "" : ": " + printable(run.message)));
  page.line("began", time_text(run.started_ms) + " UTC" + (run.ended_ms == 0 ? ", " : ", took ") +
                         took_text(run, RealClock().now_ms()));
  page.line("rows", equation(run.totals));
  if (details.rejects.open + details.rejects.replayed + details.rejects.resolved > 0)
    page.line("rejects", with_thousands(details.rejects.open) + " open, " +
                             with_thousands(details.rejects.replayed) + " replayed, " +
                             with_thousands(details.rejects.resolved) + " resolved");
  for (const auto& [name, value] : run.sums)
    page.line(&name == &run.sums.front().first ? "sums" : "",
              printable(name) + "  " + with_thousands(value));
  if (!run.sums_complete) page.line("", "(some sums are missing after a crash)");
  add_splits(&page, details.splits);
  add_chunks(&page, details.chunks);
  return page.str();
}

std::string as_json(const RunDetails& details) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object();
  write_run(&json, details.run, RealClock().now_ms());
  json.key("rejects")
      .begin_object()
      .field("open", details.rejects.open)
      .field("replayed", details.rejects.replayed)
      .field("resolved", details.rejects.resolved)
      .end_object();
  json.key("splits").begin_array();
  for (const SplitRecord& split : details.splits) {
    json.begin_object().field("split", split.split).field("next_chunk", split.next_chunk);
    json.field("done", split.done).key("rows");
    write_counts(&json, split.counts);
    json.end_object();
  }
  json.end_array().key("chunks").begin_array();
  for (const ChunkRecord& chunk : details.chunks) {
    json.begin_object().field("split", chunk.split).field("chunk", chunk.sequence);
    json.field("time_seconds", chunk.time_seconds).field("read_seconds", chunk.read_seconds);
    json.field("calculate_seconds", chunk.calculate_seconds);
    json.field("write_seconds", chunk.write_seconds);
    json.field("commit_seconds", chunk.commit_seconds).key("rows");
    write_counts(&json, chunk.counts);
    json.end_object();
  }
  json.end_array().end_object();
  return text + '\n';
}

}  // namespace

int runs_show_command(const Arguments& arguments) {
  CommonOptions common;
  int64_t chunks = kChunksShown;
  options::options_description described("options");
  described.add_options()("chunks", options::value(&chunks),
                          "how many of its newest chunks are shown (default: 10)");
  common.describe_state(&described);
  options::variables_map values;
  const Verb& verb = verb_named("runs show");
  if (const auto done = parse(verb, described, {"JOB", "[RUN]"}, arguments, &values)) return *done;
  if (chunks < 0) return fail(Status(Code::kUsage, "--chunks is a number from 0"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  const Result<RunDetails> details = find_details(*job->store, operand(values, "RUN"), chunks);
  if (!details.ok()) return fail(details.status());
  std::cout << (common.json() ? as_json(*details)
                              : as_text(*details, Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
