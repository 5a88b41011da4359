// A sink that writes text into one file, exactly once, and fails on order. A committed chunk is one
// append of lines with tabs between their fields, which kill -9 does not cut:
//   run    job, run, fingerprint, epoch
//   chunk  split, sequence, last, rows in, out, rejected, filtered, position
//   row    stream, values...
//   end
//   finish
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <chunkmill/format.hpp>
#include <chunkmill/parse.hpp>
#include <chunkmill/sink.hpp>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "fault.hpp"

namespace chunkmill::faults {
namespace {

enum class Answer { kGiven, kLostBefore, kLostAfter };
enum class Result { kAtomic, kPerRow, kNeither };

struct Settings {
  Path path;
  bool keeps_position = true;
  uint32_t max_lanes = 1;
  Result result = Result::kAtomic;
  std::string refuse_column;
  std::vector<std::string> refuse;  // values of that column
  int64_t refuse_every = 0;         // and every value that this divides
  bool refuse_once = false;         // a row is refused in the chunk's first attempt alone
  bool names_row = false;           // the failure names the first bad row
  int64_t max_rows = 0;             // more rows in one write are too large
  Duration latency;                 // of each write
  Answer answer = Answer::kGiven;
  int64_t answer_at = 1;
  int64_t lose_at = 0;      // the commit that is answered with success, and does nothing
  bool stray_row = false;   // a failure names a row that the batch does not have
  bool reports_on = false;  // bad rows are reported, and the answer is success
};

// The file, and what it says. Threads: guarded by its mutex.
class Book {
 public:
  void open(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (path_ == path) return;
    path_ = path;
    std::ifstream file(path);
    std::string line;
    SplitState next;
    std::string split;
    while (std::getline(file, line)) {
      const std::vector<std::string> fields = split_at_tabs(line);
      if (fields[0] == "run") {
        if (run_.run != fields[2]) splits_.clear();
        run_ = {fields[2], fields[3], false};
        job_ = fields[1];
      } else if (fields[0] == "chunk") {
        split = fields[1];
        next = splits_[split];
        next.next_chunk = number(fields[2]) + 1;
        next.done = fields[3] == "1";
        next.counts +=
            Counts{number(fields[4]), number(fields[5]), number(fields[6]), number(fields[7])};
        next.position = fields[8];
      } else if (fields[0] == "end") {
        splits_[split] = next;
      } else if (fields[0] == "finish") {
        run_.finished = true;
      }
    }
  }
  std::optional<LedgerRun> run(std::string_view job) {
    const std::lock_guard lock(mutex_);
    return job_ == job ? std::optional(run_) : std::nullopt;
  }
  void attach(const Run& run, bool keep) {
    const std::lock_guard lock(mutex_);
    if (run_.run != run.run && !keep) ::unlink(path_.c_str());
    if (run_.run != run.run) splits_.clear();
    run_ = {run.run, run.fingerprint, false};
    job_ = run.job;
    append("run\t" + run.job + "\t" + run.run + "\t" + run.fingerprint + "\n");
  }
  std::optional<SplitState> split(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = splits_.find(std::string(name));
    return found == splits_.end() ? std::nullopt : std::optional(found->second);
  }
  void commit(const std::string& split, const SplitState& state, const Counts& counts,
              const std::string& rows) {
    const std::lock_guard lock(mutex_);
    std::string text = "chunk\t" + split;
    for (const uint64_t value : {state.next_chunk - 1, uint64_t{state.done}, counts.rows_in,
                                 counts.rows_out, counts.rows_rejected, counts.rows_filtered})
      text += "\t" + std::to_string(value);
    append(text + "\t" + state.position + "\n" + rows + "end\n");
    splits_[split] = state;
  }
  // The split stands behind the chunk, whose rows and counts are nowhere.
  void pass_over(const std::string& split, const SplitState& state) {
    const std::lock_guard lock(mutex_);
    splits_[split] = state;
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    run_.finished = true;
    append("finish\n");
  }

 private:
  static std::vector<std::string> split_at_tabs(const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    fields.resize(std::max<size_t>(fields.size(), 9));
    return fields;
  }
  static uint64_t number(const std::string& text) {
    int64_t value = 0;
    if (parse_int64(text, &value) != ParseFault::kNone)
      throw Error(CM_IO, "the file of the test is damaged at \"" + text + "\"");
    return static_cast<uint64_t>(value);
  }
  void append(const std::string& text) {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bool good =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (file >= 0) ::close(file);
    if (!good) throw Error(CM_IO, "cannot append").at(path_);
  }

  std::mutex mutex_;
  // All below guarded by mutex_.
  std::string path_;
  std::string job_;
  LedgerRun run_;
  std::map<std::string, SplitState> splits_;
};

// A value as text; nothing for a null.
std::string text_of(const Batch& batch, size_t column, int64_t row) {
  std::string text;
  if (batch.schema()[column].type == Type::kInt64) {
    if (const auto value = batch.column<int64_t>(column).get(row)) text = std::to_string(*value);
  } else if (batch.schema()[column].type == Type::kFloat64) {
    if (const auto value = batch.column<double>(column).get(row)) append_double(&text, *value);
  } else if (const auto value = batch.column<std::string_view>(column).get(row)) {
    text = *value;
  }
  return text;
}

struct Faults {
  Fault begin, write, commit, committed, open;
  // Threads: any.
  std::atomic<int64_t> commits{0};
};

class FaultyLane final : public SinkLane {
 public:
  FaultyLane(const Settings& settings, Faults& faults, Book& book)
      : settings_(settings), faults_(faults), book_(book) {}

  bool begin(const Chunk& chunk) override {
    faults_.begin.pass("begin");
    const SplitState state = book_.split(chunk.split()).value_or(SplitState{});
    if (settings_.keeps_position && state.next_chunk == chunk.sequence() + 1) return false;
    if (settings_.keeps_position && state.next_chunk != chunk.sequence())
      throw Error(CM_FENCED, "the ledger is at another chunk");
    split_ = chunk.split();
    next_ = state;
    next_.next_chunk = chunk.sequence() + 1;
    next_.position = chunk.end();
    next_.done = chunk.last();
    first_attempt_ = chunk.attempt() == 1;
    rows_.clear();
    return true;
  }

  void write(uint32_t stream, const Batch& batch, RowErrors& errors) override {
    if (settings_.latency.ms > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(settings_.latency.ms));
    if (settings_.max_rows > 0 && batch.row_count() > settings_.max_rows)
      throw Error(CM_TOO_LARGE, std::to_string(batch.row_count()) + " rows are too many");
    std::string rows;
    int64_t bad = -1;
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      if (is_bad(batch, row)) {
        if (bad < 0) bad = row;
        if (settings_.result == Result::kPerRow)
          errors.report(row, "constraint", "the value is refused", settings_.refuse_column);
        if (settings_.result == Result::kNeither) break;
        continue;
      }
      rows += "row\t" + std::to_string(stream);
      for (size_t column = 0; column < batch.schema().size(); ++column)
        rows += "\t" + text_of(batch, column, row);
      rows += "\n";
    }
    // What is not atomic leaves the rows before the bad one behind.
    if (bad < 0 || settings_.result != Result::kAtomic) rows_ += rows;
    faults_.write.pass("write");
    if (bad < 0) return;
    Error refused(CM_DATA, "the value is refused");
    refused.sqlstate("23514");
    if (settings_.names_row) refused.row(settings_.stray_row ? batch.row_count() : bad);
    if (settings_.reports_on) {
      errors.report(bad, "constraint", "the value is refused", settings_.refuse_column);
      return;
    }
    throw refused;
  }

  void commit(const Counts& counts) override {
    faults_.commit.pass("commit");
    const int64_t commit = ++faults_.commits;
    const bool lost = settings_.answer != Answer::kGiven && commit == settings_.answer_at;
    if (commit == settings_.lose_at) return book_.pass_over(split_, next_);
    if (!lost || settings_.answer == Answer::kLostAfter) {
      next_.counts += counts;
      book_.commit(split_, next_, counts, rows_);
    }
    if (lost) throw Error(CM_COMMIT_UNKNOWN, "the connection was lost in commit");
  }

  void abort() noexcept override { rows_.clear(); }

 private:
  bool is_bad(const Batch& batch, int64_t row) const {
    if (settings_.refuse_once && !first_attempt_) return false;
    const int column = batch.schema().find(settings_.refuse_column);
    if (column < 0) return false;
    const std::string value = text_of(batch, static_cast<size_t>(column), row);
    if (std::find(settings_.refuse.begin(), settings_.refuse.end(), value) !=
        settings_.refuse.end())
      return true;
    int64_t whole = 0;
    return settings_.refuse_every > 0 && parse_int64(value, &whole) == ParseFault::kNone &&
           whole % settings_.refuse_every == 0;
  }

  const Settings& settings_;
  Faults& faults_;
  Book& book_;
  std::string split_;
  SplitState next_;
  std::string rows_;
  bool first_attempt_ = true;
};

class FaultySink final : public Sink {
 public:
  static constexpr Info kInfo{"faulty", "1.2.3", "Write a text file, and fail on order"};

  void configure(Options& opt) {
    opt.required("path", settings_.path, "the file");
    opt.optional("keeps_position", settings_.keeps_position, "false: no ledger");
    opt.optional("max_lanes", settings_.max_lanes, "lanes it allows");
    opt.choice(
        "result", settings_.result,
        {{"atomic", Result::kAtomic}, {"per_row", Result::kPerRow}, {"neither", Result::kNeither}},
        "what a failed write leaves");
    opt.optional("refuse_column", settings_.refuse_column, "column whose values are refused");
    opt.optional("refuse", settings_.refuse, "values that are refused");
    opt.optional("refuse_every", settings_.refuse_every, "and all multiples of this");
    opt.optional("refuse_once", settings_.refuse_once, "in the first attempt alone");
    opt.optional("names_row", settings_.names_row, "the failure names the row");
    opt.optional("max_rows", settings_.max_rows, "more in one write are too large");
    opt.optional("latency", settings_.latency, "of each write");
    opt.optional("lose_at", settings_.lose_at, "the commit that does nothing, and says it did");
    opt.optional("stray_row", settings_.stray_row, "the row that is named is none of the batch");
    opt.optional("reports_on", settings_.reports_on, "bad rows are reported with success");
    opt.choice(
        "lose_answer", settings_.answer,
        {{"never", Answer::kGiven}, {"before", Answer::kLostBefore}, {"after", Answer::kLostAfter}},
        "of one commit, before or after it is done");
    opt.optional("lose_answer_at", settings_.answer_at, "of which commit, from 1");
    for (auto& [name, fault] : std::initializer_list<std::pair<const char*, Fault&>>{
             {"fail_open", faults_.open},
             {"fail_begin", faults_.begin},
             {"fail_write", faults_.write},
             {"fail_commit", faults_.commit},
             {"fail_committed", faults_.committed}})
      opt.group(name, "failures of this call", [&](Options& inner) { fault.configure(inner); });
  }
  SinkAbilities bind(const std::vector<SinkStream>&) override {
    uint32_t flags = CM_SINK_TRANSACTIONAL;
    if (settings_.keeps_position) flags |= CM_SINK_KEEPS_POSITION;
    if (settings_.result == Result::kAtomic) flags |= CM_SINK_ATOMIC_WRITE;
    if (settings_.result == Result::kPerRow) flags |= CM_SINK_PER_ROW_RESULT;
    return {flags, settings_.max_lanes, 0};
  }
  std::optional<LedgerRun> ledger(std::string_view job) override {
    book_.open(settings_.path.value);
    return book_.run(job);
  }
  void attach(const Run& run) override {
    book_.open(settings_.path.value);
    book_.attach(run, !settings_.keeps_position);
  }
  std::optional<SplitState> committed(std::string_view split) override {
    faults_.committed.pass("committed");
    return book_.split(split);
  }
  std::unique_ptr<SinkLane> open() override {
    faults_.open.pass("open");
    return std::make_unique<FaultyLane>(settings_, faults_, book_);
  }
  void finish(const Run&) override { book_.finish(); }

 private:
  Settings settings_;
  Faults faults_;
  Book book_;
};

}  // namespace
}  // namespace chunkmill::faults

CHUNKMILL_SINK(chunkmill::faults::FaultySink)
