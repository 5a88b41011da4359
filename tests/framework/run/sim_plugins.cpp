// Source, calculator and sink of the simulation. They are linked with the tests: no file is loaded.
#include "chunkmill/calculator.hpp"
#include "chunkmill/parse.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/source.hpp"
#include "sim_world.hpp"

namespace chunkmill::simulation {
namespace {

World& world() { return *World::current(); }

std::string row_text(int64_t id) { return "row " + std::to_string(id); }

class SimSourceLane final : public SourceLane {
 public:
  SimSourceLane(int64_t split, int64_t at) : split_(split), at_(at) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    const Plan& plan = world().plan;
    world().step_that_may_fail(plan.read_fails, "next");
    if (at_ == plan.rows_per_split) return false;
    const int64_t count =
        std::min(plan.rows_per_split - at_, static_cast<int64_t>(limits.max_rows));
    ColumnBuilder ids(Type::kInt64);
    int64_t good = 0;
    for (int64_t i = 0; i < count; ++i, ++at_) {
      const int64_t id = plan.id(split_, at_);
      if (plan.bad_records.contains(id)) {
        errors.report_record(i, "bad_record", row_text(id), "", row_text(id), "sim", id);
        continue;
      }
      ids.append(id);
      ++good;
    }
    std::vector<ArrowArray> columns(1);
    ids.finish(&columns[0]);
    make_struct_array(std::move(columns), good, out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  const int64_t split_;
  int64_t at_;
};

class SimSource final : public Source {
 public:
  static constexpr Info kInfo{"sim", "1.0.0", "Rows of a simulated world"};

  Schema schema() override { return {{{"id", Type::kInt64, false}}}; }
  std::vector<Split> plan(uint32_t) override {
    std::vector<Split> splits;
    for (int64_t i = 0; i < world().plan.splits; ++i)
      splits.push_back({std::to_string(i), "split " + std::to_string(i)});
    return splits;
  }
  std::string identity() override { return "the same\n"; }
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override {
    return std::make_unique<SimSourceLane>(number(split), number(position));
  }

 private:
  static int64_t number(std::string_view text) {
    int64_t value = 0;
    if (!text.empty() && parse_int64(text, &value) != ParseFault::kNone)
      throw Error(CM_INVALID, "not a number: " + std::string(text));
    return value;
  }
};

class SimCalculator final : public BatchCalculator {
 public:
  static constexpr Info kInfo{"sim", "1.0.0", "Doubles a number, and rejects some rows"};

  void bind(Columns& columns) {
    id_ = columns.in<int64_t>("id");
    twice_ = columns.out<int64_t>("twice");
  }
  void process(const Batch& batch, Outputs& out, RowErrors& errors) const {
    const Plan& plan = world().plan;
    world().step_that_may_fail(plan.calculate_fails, "process");
    const auto ids = batch.column<int64_t>(static_cast<size_t>(id_.column()));
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      out[twice_].append(2 * ids[row]);
      if (plan.bad_rows.contains(ids[row])) errors.report(row, "bad_row", row_text(ids[row]), "id");
    }
  }

 private:
  In<int64_t> id_;
  Out<int64_t> twice_;
};

// Commits as a database does: all of a chunk and its ledger, or nothing.
class SimSinkLane final : public SinkLane {
 public:
  explicit SimSinkLane(Target& target) : target_(target) {}

  bool begin(const Chunk& chunk) override {
    world().step_that_may_fail(world().plan.write_fails, "begin");
    remember(chunk);
    return can_begin();
  }
  void begin_ahead(const Chunk& chunk) override {
    world().step_that_may_fail(world().plan.write_fails, "begin_ahead");
    remember(chunk);
    is_ahead_ = true;
  }
  void write(uint32_t, const Batch& batch, RowErrors& errors) override {
    const Plan& plan = world().plan;
    world().step_that_may_fail(plan.write_fails, "write");
    const auto ids = batch.column<int64_t>(static_cast<size_t>(batch.schema().find("id")));
    const auto twice = batch.column<int64_t>(static_cast<size_t>(batch.schema().find("twice")));
    std::vector<int64_t> rows;
    bool refused = false;
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      if (twice[row] != 2 * ids[row])
        throw Error(CM_INTERNAL, "columns of two rows are in one: " + row_text(ids[row]));
      if (!plan.refused_rows.contains(ids[row])) {
        rows.push_back(ids[row]);
        continue;
      }
      refused = true;
      if (plan.per_row_result) errors.report(row, "refused", row_text(ids[row]), "id");
    }
    if (!refused || !plan.atomic_write) rows_.insert(rows_.end(), rows.begin(), rows.end());
    if (!refused) return;
    // A row alone is named by the failure, whatever the sink can say of a batch.
    throw Error(CM_DATA, batch.row_count() == 1 ? row_text(ids[0]) : "some rows are refused");
  }
  void commit(const Counts& counts) override {
    const Plan& plan = world().plan;
    world().step_that_may_fail(plan.commit_fails, "commit");
    if (is_ahead_ && !can_begin()) throw Error(CM_FENCED, "the ledger has this chunk already");
    const bool is_lost = world().happens(plan.answers_lost);
    if (is_lost && world().happens(500))
      throw Error(CM_COMMIT_UNKNOWN, "the connection was lost before the commit");
    SplitState& state = target_.splits[split_];
    ++state.next_chunk;
    state.position = end_;
    state.done = is_last_;
    state.counts += counts;
    if (world().broken == Broken::kOutOfOrder) {
      target_.rows.insert(target_.rows.begin(), rows_.begin(), rows_.end());
    } else if (world().broken != Broken::kForgets || sequence_ % 3 != 1) {
      target_.rows.insert(target_.rows.end(), rows_.begin(), rows_.end());
    }
    rows_.clear();
    if (is_lost) throw Error(CM_COMMIT_UNKNOWN, "the connection was lost after the commit");
  }
  void abort() noexcept override { rows_.clear(); }

 private:
  void remember(const Chunk& chunk) {
    split_ = chunk.split();
    end_ = chunk.end();
    sequence_ = chunk.sequence();
    is_last_ = chunk.last();
    is_ahead_ = false;
    rows_.clear();
  }
  // False: it is committed already.
  bool can_begin() const {
    const auto found = target_.splits.find(split_);
    const uint64_t next = found == target_.splits.end() ? 0 : found->second.next_chunk;
    if (next == sequence_ + 1 && world().broken != Broken::kDoubles) return false;
    if (next != sequence_ && next != sequence_ + 1)
      throw Error(CM_FENCED, "the ledger is at chunk " + std::to_string(next));
    return true;
  }

  Target& target_;
  std::string split_, end_;
  uint64_t sequence_ = 0;
  bool is_last_ = false;
  bool is_ahead_ = false;
  std::vector<int64_t> rows_;
};

class SimSink : public Sink {
 public:
  static constexpr Info kInfo{"sim", "1.0.0", "A table in memory"};

  void configure(Options& opt) { opt.required("target", target_, "which of the world's"); }
  SinkAbilities bind(const std::vector<SinkStream>&) override {
    const Plan& plan = world().plan;
    uint32_t flags = CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION;
    if (plan.atomic_write) flags |= CM_SINK_ATOMIC_WRITE;
    if (plan.per_row_result) flags |= CM_SINK_PER_ROW_RESULT;
    if (plan.shows_order) flags |= CM_SINK_SHOWS_ORDER;
    return {flags, 0, 0};
  }
  std::optional<LedgerRun> ledger(std::string_view job) override {
    return target().job == job ? std::optional(target().run) : std::nullopt;
  }
  void attach(const Run& run) override {
    if (target().run.run != run.run) target() = Target();
    target().job = run.job;
    target().run = {run.run, run.fingerprint, false};
  }
  std::optional<SplitState> committed(std::string_view split) override {
    const auto found = target().splits.find(split);
    return found == target().splits.end() ? std::nullopt : std::optional(found->second);
  }
  Tally tally(const Run&) {
    Tally sum;
    for (const auto& [split, state] : target().splits) {
      ++sum.splits;
      sum.counts += state.counts;
    }
    return sum;
  }
  std::unique_ptr<SinkLane> open() override { return std::make_unique<SimSinkLane>(target()); }
  void finish(const Run&) override {
    if (!world().was_killed()) target().run.finished = true;
  }

 private:
  Target& target() { return world().targets[static_cast<size_t>(target_)]; }
  int64_t target_ = 0;
};

// The same, whose chunks may be written while those before them are not committed yet.
class SimSinkAhead final : public SimSink {
 public:
  static constexpr Info kInfo{"sim_ahead", "1.0.0", "A table in memory, written ahead"};
  static constexpr uint32_t kAhead = 0;
};

constexpr cm_module kSource = chunkmill::detail::make_module<SimSource>(
    CM_KIND_SOURCE, &detail::SourceAdapter<SimSource>::kApi, nullptr);
constexpr cm_module kCalculator = chunkmill::detail::make_module<SimCalculator>(
    CM_KIND_CALCULATOR, &detail::CalculatorAdapter<SimCalculator>::kApi, nullptr);
constexpr cm_module kSink = chunkmill::detail::make_module<SimSink>(
    CM_KIND_SINK, &detail::SinkAdapter<SimSink>::kApi, detail::SinkAdapter<SimSink>::extension);
constexpr cm_module kSinkAhead = chunkmill::detail::make_module<SimSinkAhead>(
    CM_KIND_SINK, &detail::SinkAdapter<SimSinkAhead>::kApi,
    detail::SinkAdapter<SimSinkAhead>::extension);

}  // namespace

std::vector<const cm_module*> modules() { return {&kSource, &kCalculator, &kSink, &kSinkAhead}; }

}  // namespace chunkmill::simulation
