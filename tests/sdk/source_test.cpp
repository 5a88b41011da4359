#include <catch2/catch.hpp>

#include "chunkmill/testing/source_run.hpp"

namespace chunkmill {
namespace {

using testing::Read;
using testing::source_api;
using testing::SourceRun;

using Lines = std::vector<std::string>;

// Counts from 0 in each split; every fifth record is bad.
class Numbers : public Source {
 public:
  static constexpr Info kInfo{"numbers", "1.0.0", "Counts"};
  void configure(Options& opt) {
    opt.optional("count", count_, "numbers in a split");
    opt.optional("fault", fault_, "what goes wrong");
  }
  Schema schema() override {
    if (fault_ == "schema") throw Error(CM_IO, "no file").at("in.csv").retryable_if(true);
    return Schema{{{"n", Type::kInt64}}};
  }
  bool select(const Schema& wanted) override { return wanted == schema(); }
  std::vector<Split> plan(uint32_t parallel) override {
    std::vector<Split> splits;
    for (uint32_t i = 0; i < parallel; ++i)
      splits.push_back({"part-" + std::to_string(i), "numbers", count_, -1});
    return splits;
  }
  std::string identity() override { return "numbers of " + std::to_string(count_); }
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override;
  void records(std::string_view, std::string_view begin, std::span<const uint64_t> ordinals,
               RecordSink& out) {
    int64_t first = 0;
    parse_int64(begin, &first);
    for (const uint64_t ordinal : ordinals)
      out.add(ordinal, std::to_string(first + static_cast<int64_t>(ordinal)), "numbers", 1);
  }
  std::unique_ptr<SourceLane> replay(std::vector<Record> records);
  void interrupt() override { throw 1; }

 private:
  int64_t count_ = 10;
  std::string fault_;
};

class Counter : public SourceLane {
 public:
  Counter(int64_t next, int64_t end) : next_(next), end_(end) {}
  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    if (next_ == end_) return false;
    BatchBuilder builder(Schema{{{"n", Type::kInt64}}});
    for (uint64_t i = 0; i < limits.max_rows && next_ < end_; ++i, ++next_) {
      if (next_ % 5 == 4) {
        errors.report_record(static_cast<int64_t>(i), "fifth", "it is", "n", std::to_string(next_),
                             "numbers", next_ + 1);
      } else {
        builder[0].append(next_);
      }
    }
    builder.finish(out);
    return true;
  }
  std::string position() const override { return std::to_string(next_); }
  void committed(std::string_view position) override {
    if (position != this->position()) throw Error(CM_INVALID, "never was there");
  }

 private:
  int64_t next_;
  int64_t end_;
};

std::unique_ptr<SourceLane> Numbers::open(std::string_view, std::string_view position) {
  if (fault_ == "no lane") return nullptr;
  int64_t first = 0;
  if (!position.empty() && parse_int64(position, &first) != ParseFault::kNone)
    throw Error(CM_INVALID, "no position of this source");
  return std::make_unique<Counter>(first, count_);
}

std::unique_ptr<SourceLane> Numbers::replay(std::vector<Record> records) {
  int64_t first = 0;
  parse_int64(records.at(0).raw, &first);
  return std::make_unique<Counter>(first, first + static_cast<int64_t>(records.size()));
}

// Without records() and replay().
class Nothing : public Source {
 public:
  static constexpr Info kInfo{"nothing", "1.0.0", "Has no rows"};
  Schema schema() override { return {}; }
  std::vector<Split> plan(uint32_t) override { return {}; }
  std::unique_ptr<SourceLane> open(std::string_view, std::string_view) override { return nullptr; }
};

}  // namespace

TEST_CASE("source: its splits are read to their ends, bad records in their places", "[sdk]") {
  SourceRun run(source_api<Numbers>(), {{"count", 7}});

  CHECK(run.lines(3, 2) == Lines{"0", "1", "2", "3", "fifth@5 n", "5", "6",  //
                                 "0", "1", "2", "3", "fifth@5 n", "5", "6"});
  REQUIRE(run.splits.size() == 2);
  CHECK(run.splits[1].id == "part-1");
  CHECK(run.splits[1].estimated_rows == 7);
  CHECK(run.splits[1].estimated_bytes == -1);
  CHECK(run.identity() == "numbers of 7");
}

TEST_CASE("source: resumes from any position with the rest of the rows", "[sdk]") {
  SourceRun whole(source_api<Numbers>());
  const Lines all = whole.lines();
  for (uint64_t read = 1; read <= 10; ++read) {
    SourceRun run(source_api<Numbers>());
    REQUIRE(run.open("part-0").ok());
    Lines lines = run.next(read).lines();
    const std::string position = run.position();

    REQUIRE(run.open("part-0", position).ok());
    for (const std::string& line : run.rest(4)) lines.push_back(line);

    CHECK(lines == all);
  }
}

TEST_CASE("source: the end of a split has no batch", "[sdk]") {
  SourceRun run(source_api<Numbers>(), {{"count", 1}});
  REQUIRE(run.open("part-0").ok());
  REQUIRE(run.next(10).outcome.ok());

  const Read end = run.next(10);

  CHECK(end.outcome.code == CM_END);
  CHECK_FALSE(end.rows);
}

TEST_CASE("source: faults cross as codes with their facts", "[sdk]") {
  SourceRun broken(source_api<Numbers>(), {{"fault", "schema"}});
  SourceRun no_lane(source_api<Numbers>(), {{"fault", "no lane"}});
  SourceRun run(source_api<Numbers>());
  Schema schema;

  const testing::Outcome outcome = broken.schema(&schema);

  CHECK(outcome.code == CM_IO);
  CHECK(outcome.retryable);
  CHECK(outcome.where == "in.csv");
  CHECK(no_lane.open("part-0").code == CM_INTERNAL);
  CHECK(run.open("part-0", "elsewhere").code == CM_INVALID);
  REQUIRE(run.open("part-0").ok());
  CHECK(run.committed("0").ok());
  CHECK(run.committed("5").code == CM_INVALID);
  run.interrupt();  // throws inside, and nothing comes out
}

TEST_CASE("source: what it cannot select the host does", "[sdk]") {
  SourceRun run(source_api<Numbers>());

  CHECK(run.select(Schema{{{"n", Type::kInt64}}}).ok());
  CHECK(run.select(Schema{{{"n", Type::kFloat64}}}).code == CM_UNSUPPORTED);
}

TEST_CASE("source: bad records are found again and can be replayed", "[sdk]") {
  SourceRun run(source_api<Numbers>());
  std::vector<Record> records;

  REQUIRE(run.records("part-0", "3", {1, 6}, &records).ok());
  REQUIRE(run.replay(records).ok());

  REQUIRE(records.size() == 2);
  CHECK(records[0].raw == "4");
  CHECK(records[0].where == "numbers");
  CHECK(records[1].ordinal == 6);
  CHECK(run.rest() == Lines{"fifth@5 n", "5"});
}

TEST_CASE("source: abilities that a class does not have are not in its table", "[sdk]") {
  CHECK(source_api<Nothing>().records == nullptr);
  CHECK(source_api<Nothing>().replay == nullptr);
  CHECK(source_api<Numbers>().records != nullptr);
  CHECK(source_api<Numbers>().replay != nullptr);
}

}  // namespace chunkmill
