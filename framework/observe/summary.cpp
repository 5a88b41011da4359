#include "framework/observe/summary.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/json.hpp"
#include "framework/observe/event_json.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host {
namespace {

constexpr size_t kLabelColumns = 10;
constexpr size_t kMargin = kLabelColumns + 2;

// How a status is said, and in which colour.
struct Tone {
  const char* word;
  const char* color;
};

Tone tone_of(const std::string& status) {
  if (status == "success") return {"finished", "\x1b[1;32m"};
  if (status == "partial_success") return {"finished", "\x1b[1;33m"};
  if (status == "stopped") return {"stopped", "\x1b[1;33m"};
  return {"failed", "\x1b[1;31m"};
}

// Collects lines, each under a right-aligned label or under the one before it.
class Lines {
 public:
  explicit Lines(bool color) : color_(color) {}

  void add(std::string_view label, std::string_view text, const char* paint = "\x1b[1m") {
    std::string padded(kLabelColumns - std::min(label.size(), kLabelColumns), ' ');
    text_ += padded;
    text_ += color_ && !label.empty() ? paint + std::string(label) + "\x1b[0m" : std::string(label);
    text_ += "  ";
    text_ += text;
    text_ += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  bool color_;
  std::string text_;
};

std::string counted(int64_t count, std::string_view one, std::string_view many) {
  return with_thousands(count) + " " + std::string(count == 1 ? one : many);
}

std::string equation(const RunTotals& totals) {
  std::string text = "read " + with_thousands(totals.chunk_size) + " = written " +
                     with_thousands(totals.successful) + " + rejected " +
                     with_thousands(totals.failed) + " + filtered " +
                     with_thousands(totals.filtered) + " + pending " +
                     with_thousands(totals.pending);
  const int64_t lost =
      totals.chunk_size - totals.successful - totals.failed - totals.filtered - totals.pending;
  if (lost != 0)
    text += ", WHICH DOES NOT ADD UP by " + with_thousands(lost) +
            ": a bug of chunkmill, please report it";
  return text;
}

std::string pace(const RunTotals& totals) {
  std::string text = with_thousands(static_cast<int64_t>(std::llround(totals.rows_per_second()))) +
                     " rows/s, " + counted(totals.chunks, "chunk", "chunks");
  if (totals.retries > 0) text += ", " + counted(totals.retries, "retry", "retries");
  if (totals.fallbacks > 0) text += ", " + counted(totals.fallbacks, "fallback", "fallbacks");
  return text;
}

// Name and number in two columns, the numbers aligned at their points.
void add_sums(Lines& lines, const RunSummary& summary) {
  struct Row {
    std::string name, whole, fraction;
  };
  std::vector<Row> rows;
  int name_columns = 0;
  size_t whole_columns = 0;
  for (const auto& [name, value] : summary.totals.sums) {
    const std::string number = with_thousands(value);
    const size_t point = std::min(number.find('.'), number.size());
    rows.push_back({printable(name), number.substr(0, point), number.substr(point)});
    name_columns = std::max(name_columns, display_width(rows.back().name));
    whole_columns = std::max(whole_columns, point);
  }
  for (const Row& row : rows) {
    const auto gap = static_cast<size_t>(name_columns - display_width(row.name)) + 2 +
                     whole_columns - row.whole.size();
    lines.add(&row == &rows.front() ? "sums" : "",
              row.name + std::string(gap, ' ') + row.whole + row.fraction);
  }
  if (!rows.empty() && !summary.sums_complete) {
    lines.add(
        "",
        "(without some chunks from just before the run was interrupted; the tables are complete)");
  }
}

// A message may have several lines.
void add_message(Lines& lines, std::string_view message, const Tone& tone) {
  for (const char* label = "because"; !message.empty(); label = "") {
    const size_t end = std::min(message.find('\n'), message.size());
    lines.add(label, printable(message.substr(0, end)), tone.color);
    message.remove_prefix(std::min(end + 1, message.size()));
  }
}

void add_causes(Lines& lines, const RunTotals& totals, const SummarySettings& settings) {
  std::vector<ErrorGroup> causes = totals.errors;
  sort_errors(causes);
  const size_t shown = std::min(causes.size(), settings.max_causes);
  size_t count_columns = 0;
  int code_columns = 0;
  for (size_t index = 0; index < shown; ++index) {
    count_columns = std::max(count_columns, with_thousands(causes[index].count).size());
    code_columns = std::max(code_columns, display_width(printable(causes[index].code)));
  }
  for (size_t index = 0; index < shown; ++index) {
    const ErrorGroup& cause = causes[index];
    const std::string count = with_thousands(cause.count);
    const std::string code = printable(cause.code);
    std::string text =
        std::string(count_columns - count.size(), ' ') + count + "  " + code +
        std::string(static_cast<size_t>(code_columns - display_width(code)) + 2, ' ');
    std::string example = printable(cause.where);
    if (!example.empty() && cause.line > 0) example += ":" + std::to_string(cause.line);
    if (!example.empty() && !cause.example.empty()) example += ": ";
    example += printable(cause.example);
    const int room = settings.columns - static_cast<int>(kMargin) - display_width(text);
    text += settings.columns == 0 ? example : fit(example, std::max(room, 24));
    lines.add(index == 0 ? "rejected" : "", text, "\x1b[33m");
  }
  int64_t rest = 0;
  for (size_t index = shown; index < causes.size(); ++index) rest += causes[index].count;
  if (rest > 0) {
    lines.add("", with_thousands(rest) + " more of " +
                      counted(static_cast<int64_t>(causes.size() - shown), "other cause",
                              "other causes"));
  }
}

}  // namespace

bool adds_up(const RunSummary& summary) {
  const auto agrees = [](const SinkTally& sink) { return sink.agrees; };
  return summary.totals.adds_up() && std::ranges::all_of(summary.sinks, agrees);
}

std::string summary_as_text(const RunSummary& summary, const SummarySettings& settings) {
  const RunTotals& totals = summary.totals;
  const Tone tone = tone_of(totals.status);
  Lines lines(settings.color);
  std::string headline = printable(totals.job) + " in " + duration_text(totals.time_seconds);
  if (totals.status == "partial_success") headline += ", with rejects";
  if (summary.dry_run) headline += " (dry run: nothing was written)";
  lines.add(tone.word, headline, tone.color);
  add_message(lines, summary.message, tone);
  lines.add("rows", equation(totals));
  if (totals.chunks > 0) lines.add("pace", pace(totals));
  add_sums(lines, summary);
  add_causes(lines, totals, settings);
  if (!summary.rejects_command.empty()) {
    lines.add("see them", printable(summary.rejects_command));
    if (!summary.state_path.empty()) lines.add("", "kept in " + printable(summary.state_path));
  }
  if (!summary.resume_command.empty()) {
    lines.add("resume", printable(summary.resume_command));
    if (summary.resume_command.find("***") != std::string::npos)
      lines.add("", "(*** stands for a secret: give it again)");
  }
  return lines.take();
}

std::string summary_as_json(const RunSummary& summary) {
  const RunTotals& totals = summary.totals;
  std::string text;
  JsonWriter json(&text);
  json.begin_object();
  json.field("job", totals.job).field("run", totals.run);
  json.field("status", totals.status).field("exit_code", summary.exit_code);
  json.field("message", summary.message).field("dry_run", summary.dry_run);
  json.key("rows").begin_object();
  json.field("read", totals.chunk_size).field("written", totals.successful);
  json.field("rejected", totals.failed).field("filtered", totals.filtered);
  json.field("pending", totals.pending).field("adds_up", adds_up(summary));
  json.end_object();
  json.key("sinks").begin_array();
  for (const SinkTally& sink : summary.sinks) {
    json.begin_object().field("sink", sink.sink).field("splits", sink.splits);
    json.field("read", sink.read).field("written", sink.written);
    json.field("rejected", sink.rejected).field("filtered", sink.filtered);
    json.field("agrees", sink.agrees).end_object();
  }
  json.end_array();
  json.field("chunks", totals.chunks).field("bytes", totals.bytes);
  json.field("retries", totals.retries).field("fallbacks", totals.fallbacks);
  json.field("time_seconds", totals.time_seconds).field("read_seconds", totals.read_seconds);
  json.field("calculate_seconds", totals.calculate_seconds)
      .field("write_seconds", totals.write_seconds);
  json.field("commit_seconds", totals.commit_seconds);
  json.field("rows_per_second", totals.rows_per_second());
  json.field("throughput_per_hour", totals.throughput_per_hour());
  json.key("sums");
  write_named_values(json, totals.sums);
  json.field("sums_complete", summary.sums_complete);
  std::vector<ErrorGroup> causes = totals.errors;
  sort_errors(causes);
  json.key("errors");
  write_errors(json, causes);
  json.field("state", summary.state_path);
  json.field("rejects_command", summary.rejects_command);
  json.field("resume_command", summary.resume_command);
  json.end_object();
  return text + "\n";
}

}  // namespace chunkmill::host
