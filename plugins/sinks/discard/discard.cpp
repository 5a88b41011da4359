#include <chunkmill/sink.hpp>

namespace chunkmill {
namespace {

class DiscardLane final : public SinkLane {
 public:
  bool begin(const Chunk&) override { return true; }
  void write(uint32_t, const Batch&, RowErrors&) override {}
  void commit(const Counts&) override {}
  void abort() noexcept override {}
};

// Takes rows and forgets them: the yardstick for what everything before a sink costs.
class Discard final : public Sink {
 public:
  static constexpr Info kInfo{"discard", "1.0.0", "Take rows and forget them"};

  SinkAbilities bind(const std::vector<SinkStream>&) override {
    return {CM_SINK_TRANSACTIONAL | CM_SINK_ATOMIC_WRITE | CM_SINK_FORGETS, 0, 0};
  }
  std::unique_ptr<SinkLane> open() override { return std::make_unique<DiscardLane>(); }
};

}  // namespace
}  // namespace chunkmill

CHUNKMILL_SINK(chunkmill::Discard)
