// A sink that keeps rows and ledger in this process's memory, shared by all its objects: what a
// transactional database does, without one. `refuse` names a value of column `n` that is a
// constraint violation.
#include <chunkmill/sink.hpp>
#include <map>
#include <mutex>
#include <vector>

namespace chunkmill {
namespace {

// Threads: guarded by its mutex. Mutable state that the objects share is the point of this plugin;
// a real sink's lies in its database.
struct Store {
  std::mutex mutex;
  std::map<std::string, SplitState> splits;
  std::map<std::string, LedgerRun> runs;
  int64_t rows = 0;
};

Store& store() {
  static Store the_store;
  return the_store;
}

class MemoryLane final : public SinkLane {
 public:
  MemoryLane(int64_t refuse, uint64_t epoch, bool forgetful)
      : refuse_(refuse), epoch_(epoch), forgetful_(forgetful) {}

  bool begin(const Chunk& chunk) override {
    const std::lock_guard lock(store().mutex);
    const SplitState& state = store().splits[std::string(chunk.split())];
    if (state.epoch > epoch_) throw Error(CM_FENCED, "another worker owns the split");
    if (state.next_chunk == chunk.sequence() + 1) return false;
    if (state.next_chunk != chunk.sequence()) throw Error(CM_FENCED, "not the next chunk");
    split_ = chunk.split();
    end_ = chunk.end();
    last_ = chunk.last();
    rows_ = 0;
    return true;
  }
  void write(uint32_t, const Batch& batch, RowErrors& errors) override {
    const int column = batch.schema().find("n");
    if (column >= 0) {
      const auto numbers = batch.column<int64_t>(static_cast<size_t>(column));
      for (int64_t row = 0; row < batch.row_count(); ++row) {
        if (numbers.get(row) != refuse_) continue;
        errors.report(row, "constraint", "the number is refused", "n");
        throw Error(CM_DATA, "a row is refused").row(row);
      }
    }
    rows_ += batch.row_count();
  }
  void commit(const Counts& counts) override {
    const std::lock_guard lock(store().mutex);
    store().rows += rows_;
    if (forgetful_) return;
    SplitState& state = store().splits[split_];
    state.epoch = epoch_;
    state.next_chunk += 1;
    state.position = end_;
    state.done = last_;
    state.counts += counts;
  }
  void abort() noexcept override { rows_ = 0; }

 private:
  int64_t refuse_;
  uint64_t epoch_;
  bool forgetful_;
  std::string split_, end_;
  bool last_ = false;
  int64_t rows_ = 0;
};

class Memory final : public Sink {
 public:
  static constexpr Info kInfo{"memory", "1.0.0", "Keep rows in memory, for tests"};

  void configure(Options& opt) {
    opt.optional("refuse", refuse_, "a number that is refused");
    opt.optional("forgetful", forgetful_, "misbehave: commit without the ledger");
  }
  SinkAbilities bind(const std::vector<SinkStream>& streams) override {
    if (streams.empty()) throw Error(CM_INVALID, "nothing is wired to the sink");
    return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_ATOMIC_WRITE, 0, 0};
  }
  std::optional<LedgerRun> ledger(std::string_view job) override {
    const std::lock_guard lock(store().mutex);
    const auto found = store().runs.find(std::string(job));
    return found == store().runs.end() ? std::nullopt : std::optional(found->second);
  }
  void attach(const Run& run) override {
    const std::lock_guard lock(store().mutex);
    LedgerRun& known = store().runs[run.job];
    if (known.run != run.run) store().splits.clear();
    known = {run.run, run.fingerprint, false};
    epoch_ = run.epoch;
  }
  std::optional<SplitState> committed(std::string_view split) override {
    const std::lock_guard lock(store().mutex);
    const auto found = store().splits.find(std::string(split));
    if (found == store().splits.end() || found->second.next_chunk == 0) return std::nullopt;
    return found->second;
  }
  std::unique_ptr<SinkLane> open() override {
    return std::make_unique<MemoryLane>(refuse_, epoch_, forgetful_);
  }
  void finish(const Run& run) override {
    const std::lock_guard lock(store().mutex);
    store().runs[run.job].finished = true;
  }

 private:
  int64_t refuse_ = -1;
  uint64_t epoch_ = 0;
  bool forgetful_ = false;
};

}  // namespace
}  // namespace chunkmill

CHUNKMILL_SINK(chunkmill::Memory)
