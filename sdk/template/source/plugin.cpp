#include <algorithm>
#include <chunkmill/parse.hpp>
#include <chunkmill/source.hpp>

// Reads one split; all that changes while it reads is kept here.
class @CLASS@Lane : public chunkmill::SourceLane {
 public:
  @CLASS@Lane(int64_t next, int64_t count) : next_(next), count_(count) {}

  bool next(const chunkmill::ReadLimits& limits, ArrowArray* out, chunkmill::RowErrors&) override {
    if (next_ >= count_) return false;
    chunkmill::BatchBuilder rows(chunkmill::Schema{{{"n", chunkmill::Type::kInt64, false}}});
    const auto left = static_cast<uint64_t>(count_ - next_);
    for (uint64_t i = std::min(limits.max_rows, left); i > 0; --i) rows[0].append(next_++);
    rows.finish(out);
    return true;
  }
  // Where the next chunk begins: a later process resumes from here.
  std::string position() const override { return std::to_string(next_); }

 private:
  int64_t next_;
  int64_t count_;
};

// Counts from 0.
class @CLASS@ : public chunkmill::Source {
 public:
  static constexpr chunkmill::Info kInfo{"@NAME@", "0.1.0", "Count up from 0"};

  void configure(chunkmill::Options& opt) { opt.optional("count", count_, "how many rows"); }
  chunkmill::Schema schema() override {
    return chunkmill::Schema{{{"n", chunkmill::Type::kInt64, false}}};
  }
  std::vector<chunkmill::Split> plan(uint32_t) override {
    return {{"all", "the numbers from 0", count_, -1}};
  }
  std::unique_ptr<chunkmill::SourceLane> open(std::string_view,
                                              std::string_view position) override {
    int64_t first = 0;
    if (!position.empty() &&
        chunkmill::parse_int64(position, &first) != chunkmill::ParseFault::kNone)
      throw chunkmill::Error(CM_INVALID, "this is no position of this source");
    return std::make_unique<@CLASS@Lane>(first, count_);
  }

 private:
  int64_t count_ = 100;
};
CHUNKMILL_SOURCE(@CLASS@)
