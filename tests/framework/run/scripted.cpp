#include "scripted.hpp"

#include <algorithm>

#include "chunkmill/parse.hpp"

namespace chunkmill::scripted {
namespace {

Script& script() { return *Script::current(); }

class ScriptedSourceLane final : public SourceLane {
 public:
  ScriptedSourceLane(size_t split, size_t at) : split_(split), at_(at) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    const std::vector<int64_t>& all = script().splits[split_];
    const int64_t call = script().next_calls++;
    if (at_ == all.size()) return false;
    ColumnBuilder values(Type::kInt64);
    int64_t good = 0;
    const size_t end = std::min(all.size(), at_ + static_cast<size_t>(limits.max_rows));
    for (size_t i = at_; i < end; ++i) {
      if (script().unreadable.contains(all[i])) {
        errors.report_record(static_cast<int64_t>(i - at_), "unreadable", "cannot be read", "",
                             std::to_string(all[i]), "script", 0);
        continue;
      }
      values.append(all[i]);
      ++good;
    }
    at_ = end;
    // A failure behind the rows: what was read must be read again.
    if (script().on_next) script().on_next(call);
    std::vector<ArrowArray> columns(1);
    values.finish(&columns[0]);
    make_struct_array(std::move(columns), good, out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  size_t split_;
  size_t at_;
};

size_t index_in(std::string_view text) {
  int64_t value = 0;
  if (!text.empty() && parse_int64(text, &value) != ParseFault::kNone)
    throw Error(CM_INVALID, "not a number: " + std::string(text));
  return static_cast<size_t>(value);
}

class ScriptedSource final : public Source {
 public:
  static constexpr Info kInfo{"scripted", "1.0.0", "Rows that a test wrote down"};
  Schema schema() override { return {{{"v", Type::kInt64, false}}}; }
  std::vector<Split> plan(uint32_t) override {
    std::vector<Split> splits;
    for (size_t i = 0; i < script().splits.size(); ++i)
      splits.push_back({std::to_string(i), "split " + std::to_string(i)});
    return splits;
  }
  std::string identity() override { return std::to_string(script().splits.size()) + " splits\n"; }
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override {
    return std::make_unique<ScriptedSourceLane>(index_in(split), index_in(position));
  }
};

class ScriptedCalculator final : public BatchCalculator {
 public:
  static constexpr Info kInfo{"scripted", "1.0.0", "Rejects rows that a test wrote down"};
  void bind(Columns& columns) {
    value_ = columns.in<int64_t>("v");
    square_ = columns.out<int64_t>("square");
  }
  void process(const Batch& batch, Outputs& out, RowErrors& errors) const {
    const auto values = batch.column<int64_t>(static_cast<size_t>(value_.column()));
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      out[square_].append(values[row] * values[row]);
      if (script().bad.contains(values[row])) errors.report(row, "bad", "is bad", "v");
    }
  }

 private:
  In<int64_t> value_;
  Out<int64_t> square_;
};

class ScriptedSinkLane final : public SinkLane {
 public:
  bool begin(const Chunk& chunk) override {
    split_ = chunk.split();
    end_ = chunk.end();
    is_last_ = chunk.last();
    rows_.clear();
    return script().ledger[split_].next_chunk == chunk.sequence();
  }
  void write(uint32_t, const Batch& batch, RowErrors& errors) override {
    const auto values = batch.column<int64_t>(static_cast<size_t>(batch.schema().find("v")));
    std::vector<int64_t>& seen = script().writes.emplace_back();
    std::vector<int64_t> good;
    int64_t first_bad = -1;
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      seen.push_back(values[row]);
      if (!script().refused.contains(values[row])) {
        good.push_back(values[row]);
        continue;
      }
      if (first_bad < 0) first_bad = row;
      if ((script().abilities & CM_SINK_PER_ROW_RESULT) != 0)
        errors.report(row, "refused", "is refused", "v");
    }
    const bool is_whole = (script().abilities & CM_SINK_ATOMIC_WRITE) != 0;
    if (first_bad < 0 || !is_whole) rows_.insert(rows_.end(), good.begin(), good.end());
    if (first_bad < 0) return;
    Error refused(CM_DATA, "a row is refused");
    if (script().names_row) refused.row(first_bad);
    throw refused;
  }
  void commit(const Counts& counts) override {
    if (script().on_commit) script().on_commit(script().commit_calls++);
    apply(counts);
  }
  void apply(const Counts& counts) {
    SplitState& state = script().ledger[split_];
    ++state.next_chunk;
    state.position = end_;
    state.done = is_last_;
    state.counts += counts;
    script().committed.insert(script().committed.end(), rows_.begin(), rows_.end());
  }
  void abort() noexcept override { rows_.clear(); }

 private:
  std::string split_, end_;
  bool is_last_ = false;
  std::vector<int64_t> rows_;
};

class ScriptedSink final : public Sink {
 public:
  static constexpr Info kInfo{"scripted", "1.0.0", "Takes what a test wrote down"};
  SinkAbilities bind(const std::vector<SinkStream>&) override {
    return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | script().abilities, 1, 0};
  }
  std::optional<LedgerRun> ledger(std::string_view) override { return script().run; }
  void attach(const Run& run) override {
    if (script().run && script().run->run != run.run) script().ledger.clear();
    script().run = LedgerRun{run.run, run.fingerprint, false};
  }
  std::optional<SplitState> committed(std::string_view split) override {
    ++script().asked;
    const auto found = script().ledger.find(split);
    return found == script().ledger.end() ? std::nullopt : std::optional(found->second);
  }
  std::unique_ptr<SinkLane> open() override { return std::make_unique<ScriptedSinkLane>(); }
  void finish(const Run&) override { script().run->finished = true; }
};

using SinkTable = chunkmill::detail::SinkAdapter<ScriptedSink>;

// The SDK has no function for single rows; the ABI has.
cm_code write_one_row(cm_sink_lane*, uint32_t, const ArrowArray* batch, int64_t row, cm_error*) {
  const auto* values = static_cast<const int64_t*>(batch->children[0]->buffers[1]);
  script().writes.push_back({values[batch->children[0]->offset + batch->offset + row]});
  if (!script().refused.contains(script().writes.back()[0])) return CM_OK;
  return CM_DATA;
}

constexpr cm_sink_api with_write_row() {
  cm_sink_api api = SinkTable::kApi;
  api.write_row = write_one_row;
  return api;
}

constexpr cm_sink_api kRowTable = with_write_row();
constexpr cm_module kScriptedSource = chunkmill::detail::make_module<ScriptedSource>(
    CM_KIND_SOURCE, &chunkmill::detail::SourceAdapter<ScriptedSource>::kApi, nullptr);
constexpr cm_module kScriptedCalculator = chunkmill::detail::make_module<ScriptedCalculator>(
    CM_KIND_CALCULATOR, &chunkmill::detail::CalculatorAdapter<ScriptedCalculator>::kApi, nullptr);
constexpr cm_module kScriptedSink = chunkmill::detail::make_module<ScriptedSink>(
    CM_KIND_SINK, &SinkTable::kApi, SinkTable::extension);
constexpr cm_module kRowSink =
    chunkmill::detail::make_module<ScriptedSink>(CM_KIND_SINK, &kRowTable, SinkTable::extension);

}  // namespace

std::vector<const cm_module*> scripted_modules(bool write_row) {
  return {&kScriptedSource, &kScriptedCalculator, write_row ? &kRowSink : &kScriptedSink};
}

}  // namespace chunkmill::scripted
