// A sink that takes batches of at most so many bytes, which it says of itself, and that has no
// mercy with larger ones: only a row that is too large by itself may come as one.
#include <chunkmill/sink.hpp>
#include <string>

namespace chunkmill {
namespace {

uint64_t bytes_of(const Batch& batch, int64_t row, size_t column) {
  if (batch.schema()[column].type != Type::kUtf8) return sizeof(int64_t);
  return batch.column<std::string_view>(column).get(row).value_or(std::string_view()).size();
}

class SmallBatchesLane final : public SinkLane {
 public:
  explicit SmallBatchesLane(uint64_t most) : most_(most) {}

  bool begin(const Chunk&) override { return true; }
  void write(uint32_t, const Batch& batch, RowErrors&) override {
    uint64_t bytes = 0;
    for (int64_t row = 0; row < batch.row_count(); ++row)
      for (size_t column = 0; column < batch.schema().size(); ++column)
        bytes += bytes_of(batch, row, column);
    if (bytes <= most_) return;
    const std::string what =
        (batch.row_count() == 1 ? "one row of" : std::to_string(batch.row_count()) + " rows of") +
        " more than " + std::to_string(most_) + " bytes";
    if (batch.row_count() == 1) throw Error(CM_TOO_LARGE, what);
    throw Error(CM_INVALID, what + " came in one batch");
  }
  void commit(const Counts&) override {}
  void abort() noexcept override {}

 private:
  const uint64_t most_;
};

class SmallBatches final : public Sink {
 public:
  static constexpr Info kInfo{"small_batches", "1.0.0", "Take batches of at most so many bytes"};

  void configure(Options& options) {
    options.required("most", most_, "bytes that a batch may have");
  }
  SinkAbilities bind(const std::vector<SinkStream>&) override {
    return {CM_SINK_TRANSACTIONAL | CM_SINK_ATOMIC_WRITE | CM_SINK_FORGETS, 0, most_.count};
  }
  std::unique_ptr<SinkLane> open() override {
    return std::make_unique<SmallBatchesLane>(most_.count);
  }

 private:
  Bytes most_;
};

}  // namespace
}  // namespace chunkmill

CHUNKMILL_SINK(chunkmill::SmallBatches)
