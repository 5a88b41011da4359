// expect: abstract
#include <chunkmill/source.hpp>

// A lane that cannot say where the next chunk begins could not be resumed.
class OnceLane : public chunkmill::SourceLane {
 public:
  bool next(const chunkmill::ReadLimits&, ArrowArray*, chunkmill::RowErrors&) override {
    return false;
  }
};

class Once : public chunkmill::Source {
 public:
  static constexpr chunkmill::Info kInfo{"once", "1.0.0", "Has no rows"};
  chunkmill::Schema schema() override { return {}; }
  std::vector<chunkmill::Split> plan(uint32_t) override { return {}; }
  std::unique_ptr<chunkmill::SourceLane> open(std::string_view, std::string_view) override {
    return std::make_unique<OnceLane>();
  }
};
CHUNKMILL_SOURCE(Once)
