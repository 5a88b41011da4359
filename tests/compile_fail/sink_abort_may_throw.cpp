// expect: looser exception specification|more lax than base version
#include <chunkmill/sink.hpp>

// Giving a chunk up always succeeds.
class NowhereLane : public chunkmill::SinkLane {
 public:
  bool begin(const chunkmill::Chunk&) override { return true; }
  void write(uint32_t, const chunkmill::Batch&, chunkmill::RowErrors&) override {}
  void commit(const chunkmill::Counts&) override {}
  void abort() override {}
};

class Nowhere : public chunkmill::Sink {
 public:
  static constexpr chunkmill::Info kInfo{"nowhere", "1.0.0", "Keeps nothing"};
  chunkmill::SinkAbilities bind(const std::vector<chunkmill::SinkStream>&) override { return {}; }
  std::unique_ptr<chunkmill::SinkLane> open() override { return std::make_unique<NowhereLane>(); }
};
CHUNKMILL_SINK(Nowhere)
