#include <catch2/catch.hpp>
#include <map>

#include "chunkmill/testing/sink_run.hpp"

namespace chunkmill {
namespace {

using testing::Outcome;
using testing::Rows;
using testing::sink_api;
using testing::SinkRun;

using Lines = std::vector<std::string>;

// A table that outlives the sink.
struct Target {
  Lines rows;
  std::map<std::string, SplitState> splits;
  std::optional<LedgerRun> run;
};
Target* target = nullptr;

class MemoryLane : public SinkLane {
 public:
  bool begin(const Chunk& chunk) override {
    const SplitState& state = target->splits[std::string(chunk.split())];
    if (state.position == chunk.end()) return false;
    if (state.position != chunk.begin()) throw Error(CM_FENCED, "the ledger is elsewhere");
    // A view into what the host keeps until commit().
    end_ = chunk.end();
    split_ = chunk.split();
    sequence_ = chunk.sequence();
    last_ = chunk.last();
    return true;
  }
  void write(uint32_t, const Batch& batch, RowErrors& errors) override {
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string line = testing::line_text(batch, row);
      if (line.starts_with("bad")) errors.report(row, "bad_row", line, "a");
      if (line.starts_with("break")) throw Error(CM_DATA, "constraint").row(row).sqlstate("23505");
      pending_.push_back(line);
    }
    if (errors.count() > 0) throw Error(CM_DATA, "some rows are bad");
  }
  void commit(const Counts& counts) override {
    for (std::string& line : pending_) target->rows.push_back(std::move(line));
    pending_.clear();
    SplitState& state = target->splits[std::string(split_)];
    state.position = end_;
    state.next_chunk = sequence_ + 1;
    state.done = last_;
    state.counts += counts;
  }
  void abort() noexcept override { pending_.clear(); }

 private:
  std::string_view split_, end_;
  uint64_t sequence_ = 0;
  bool last_ = false;
  Lines pending_;
};

class Memory : public Sink {
 public:
  static constexpr Info kInfo{"memory", "1.0.0", "Keeps rows"};
  void configure(Options& opt) { opt.optional("fault", fault_, "what goes wrong"); }
  SinkAbilities bind(const std::vector<SinkStream>& streams) override {
    if (streams.at(0).schema.find("a") < 0) throw Error(CM_INVALID, "there is no column a");
    return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION, 3, 1 << 20};
  }
  void check() override {
    if (fault_ == "check") throw Error(CM_PERMISSION, "not allowed");
  }
  std::optional<LedgerRun> ledger(std::string_view) override { return target->run; }
  void attach(const Run& run) override { target->run = LedgerRun{run.run, run.fingerprint, false}; }
  std::optional<SplitState> committed(std::string_view split) override {
    const auto found = target->splits.find(std::string(split));
    if (found == target->splits.end()) return std::nullopt;
    return found->second;
  }
  std::unique_ptr<SinkLane> open() override {
    if (fault_ == "open") return nullptr;
    return std::make_unique<MemoryLane>();
  }
  void finish(const Run&) override { target->run->finished = true; }

 private:
  std::string fault_;
};

}  // namespace

TEST_CASE("sink: chunks are written once, under their run, up to the end", "[sdk]") {
  Target table;
  target = &table;
  SinkRun run(sink_api<Memory>());
  const Rows first("a,n:int64; x,1; ,2");
  REQUIRE(run.start(first.schema()).ok());

  REQUIRE(run.chunk(0, first).ok());
  CHECK(run.chunk(0, first).code == CM_END);
  REQUIRE(run.chunk(1, Rows("a,n:int64; z,3"), true).ok());
  CHECK(run.chunk(7, first).code == CM_FENCED);
  std::string before;
  std::string after;
  REQUIRE(run.ledger(&before).ok());
  REQUIRE(run.finish().ok());
  REQUIRE(run.ledger(&after).ok());

  CHECK(table.rows == Lines{"x|1", "null|2", "z|3"});
  CHECK(before == "run-1\nfingerprint\nrunning\n");
  CHECK(after == "run-1\nfingerprint\nfinished\n");
  CHECK(run.abilities.flags == (CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION));
  CHECK(run.abilities.max_lanes == 3);
  CHECK(run.abilities.max_batch_bytes == 1 << 20);
}

TEST_CASE("sink: tells how far each split is committed", "[sdk]") {
  Target table;
  target = &table;
  SinkRun run(sink_api<Memory>());
  const Rows rows("a; x; y");
  REQUIRE(run.start(rows.schema()).ok());
  SplitState state;

  CHECK(run.committed("s", &state).code == CM_NOT_FOUND);
  REQUIRE(run.chunk(0, rows).ok());
  REQUIRE(run.committed("s", &state).ok());

  CHECK(state.position == "at 1");
  CHECK(state.next_chunk == 1);
  CHECK_FALSE(state.done);
  CHECK(state.counts == Counts{2, 2, 0, 0});
}

TEST_CASE("sink: bad rows are reported, and nothing of their chunk stays", "[sdk]") {
  Target table;
  target = &table;
  SinkRun run(sink_api<Memory>());
  REQUIRE(run.start(Rows("a").schema()).ok());

  const Outcome bad = run.chunk(0, Rows("a; x; bad 1; y; bad 2"));
  const auto reported = run.bad_rows;
  const Outcome broken = run.chunk(0, Rows("a; x; break"));
  REQUIRE(run.chunk(0, Rows("a; good")).ok());

  CHECK(bad.code == CM_DATA);
  REQUIRE(reported.size() == 2);
  CHECK(reported[1].row == 3);
  CHECK(reported[1].code == "bad_row");
  CHECK(reported[1].message == "bad 2");
  CHECK(broken.row == 1);
  CHECK(broken.sqlstate == "23505");
  CHECK(table.rows == Lines{"good"});
}

TEST_CASE("sink: faults of the class and wrong calls are codes", "[sdk]") {
  Target table;
  target = &table;
  SinkRun refuses(sink_api<Memory>());
  SinkRun no_lane(sink_api<Memory>(), {{"fault", "open"}});
  SinkRun not_allowed(sink_api<Memory>(), {{"fault", "check"}});
  SinkRun run(sink_api<Memory>());
  const Rows rows("a; x");
  REQUIRE(run.start(rows.schema()).ok());
  testing::TestChunk chunk;
  chunk.end = "at 1";
  REQUIRE(run.begin(chunk).ok());

  CHECK(refuses.start(Rows("b").schema()).message == "there is no column a");
  CHECK(no_lane.start(rows.schema()).code == CM_INTERNAL);
  CHECK(not_allowed.check().code == CM_PERMISSION);
  CHECK(run.write(rows.abi(), 1).code == CM_INTERNAL);
}

}  // namespace chunkmill
