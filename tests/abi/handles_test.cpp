// The C++ handles over well-behaved plugins: the same facts come out as went in.
#include <catch2/catch.hpp>

#include "framework/data/column_builder.hpp"
#include "framework/data/row_json.hpp"
#include "framework/plugin/calculator.hpp"
#include "framework/plugin/hook.hpp"
#include "framework/plugin/isolated.hpp"
#include "framework/plugin/sink.hpp"
#include "framework/plugin/source.hpp"
#include "support.hpp"

namespace chunkmill::host::test {
namespace {

// A module of the good folder, and services for objects made with it.
struct Loaded {
  Loaded(Kind kind, std::string_view name) : registry(PluginFolders({good_folder()})) {
    auto found = registry.load(kind, name);
    INFO(found.status().message());
    REQUIRE(found.ok());
    module = *found;
  }
  Registry registry;
  const Module* module = nullptr;
  RecordingHost services;
  HostTable host{services};
};

Batch amounts(const std::vector<std::optional<double>>& values) {
  const auto schema = std::make_shared<Schema>(Schema{{{"amount", Type::kFloat64}}});
  ColumnBuilder column(Type::kFloat64, static_cast<int64_t>(values.size()));
  for (const auto& value : values) {
    value ? column.append_value(*value) : column.append_null();
  }
  return Batch::of(schema, {column.finish().take()}, static_cast<int64_t>(values.size()));
}

cm_chunk chunk_of(uint64_t sequence, const std::string& end, bool last = false) {
  cm_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  chunk.attempt = 1;
  chunk.sequence = sequence;
  chunk.split = to_abi(std::string_view("s"));
  chunk.end = to_abi(end);
  chunk.last = last ? 1 : 0;
  return chunk;
}

Source numbers_source(const Loaded& loaded, const OptionMap& options) {
  auto source = Source::create(*loaded.module, loaded.host.abi(), options.abi());
  INFO(source.status().message());
  REQUIRE(source.ok());
  return source.take();
}

TEST_CASE("calculator: plain C plugins, of this tree's headers and of v1.0's, calculate", "[abi]") {
  const std::string name = GENERATE("plain_c", "frozen_v1_0");
  const Loaded loaded(Kind::kCalculator, name);
  const OptionMap options{{"factor", 10.0}};
  auto calculator = Calculator::create(*loaded.module, loaded.host.abi(), options.abi());
  REQUIRE(calculator.ok());
  CHECK(calculator->pure());
  CHECK_FALSE(calculator->ordered());

  const auto needs = calculator->needs(Schema());
  REQUIRE(needs.ok());
  REQUIRE(needs->size() == 1);
  CHECK(needs->at(0).column == "amount");
  CHECK(needs->at(0).type->type == Type::kFloat64);
  const Batch input = amounts({1.5, std::nullopt, 3.0, -4.0});
  const auto streams = calculator->bind(input.schema());
  REQUIRE(streams.ok());
  REQUIRE(streams->size() == 1);
  CHECK(streams->at(0).name == "main");
  CHECK(streams->at(0).append());
  auto lane = calculator->open();
  REQUIRE(lane.ok());
  Emitted emitted;
  const Status status = lane->process(chunk_of(0, ""), input.slice(1, 3), emitted);

  INFO(status.message());
  REQUIRE(status.ok());
  REQUIRE(emitted.batches.size() == 1);
  const Batch& output = emitted.batches[0].batch;
  REQUIRE(output.row_count() == 3);
  CHECK(row_as_json(output, 0) == R"({"doubled":null})");
  CHECK(row_as_json(output, 1) == R"({"doubled":30})");
  CHECK(row_as_json(output, 2) == R"({"doubled":-40})");
}

TEST_CASE("calculator: a wrong option is the job's fault, with the option's path", "[abi]") {
  const Loaded loaded(Kind::kCalculator, "plain_c");
  const OptionMap options{{"factor", std::string("many")}};

  const Status status =
      Calculator::create(*loaded.module, loaded.host.abi(), options.abi()).status();

  CHECK(status.code() == Code::kJob);
  CHECK(status.facts().where == "factor");
  CHECK(status.message() == "calculator \"plain_c\" 1.0.0: option factor is no number");
}

TEST_CASE("source: reads good rows and bad records, and resumes from a position", "[abi]") {
  const Loaded loaded(Kind::kSource, "numbers");
  const OptionMap options{{"rows", int64_t{10}}, {"bad_every", int64_t{4}}};
  Source source = numbers_source(loaded, options);
  const auto schema = std::make_shared<Schema>(source.schema().take());
  CHECK(source.select(*schema).take() == false);
  CHECK(source.identity().take() == "10");
  const std::vector<Split> splits = source.plan(2).take();
  REQUIRE(splits.size() == 2);
  CHECK(splits[1].id == "high");
  CHECK(splits[1].estimated_rows == 10);

  SourceLane lane = source.open("high", "").take();
  const std::optional<ReadChunk> first = lane.next({.max_rows = 6}, schema).take();
  REQUIRE(first.has_value());
  CHECK(first->batch.row_count() == 5);
  REQUIRE(first->errors.size() == 1);
  CHECK(first->errors[0].row == 3);
  CHECK(first->errors[0].line == 4);
  CHECK(first->errors[0].code == "bad_number");
  CHECK(first->errors[0].raw == "number 1003");
  const std::string position = lane.position().take();
  CHECK(position == "6");
  CHECK(lane.committed(position).ok());

  SourceLane resumed = source.open("high", position).take();
  const std::optional<ReadChunk> rest = resumed.next({.max_rows = 100}, schema).take();
  REQUIRE(rest.has_value());
  CHECK(row_as_json(rest->batch, 0) == R"({"n":1006,"text":"number 1006"})");
  CHECK_FALSE(resumed.next({.max_rows = 100}, schema).take().has_value());
}

TEST_CASE("source: rejected records come back as text, and can be read again", "[abi]") {
  const Loaded loaded(Kind::kSource, "numbers");
  const OptionMap options;
  Source source = numbers_source(loaded, options);
  const auto schema = std::make_shared<Schema>(source.schema().take());
  REQUIRE(source.plan(1).ok());
  const std::vector<uint64_t> ordinals{1, 3};

  const std::vector<Record> records = source.records("high", "5", ordinals).take();
  REQUIRE(records.size() == 2);
  CHECK(records[1].ordinal == 3);
  CHECK(records[1].raw == "number 1008");
  SourceLane lane = source.replay(records).take();
  const std::optional<ReadChunk> again = lane.next({.max_rows = 10}, schema).take();

  REQUIRE(again.has_value());
  CHECK(again->batch.row_count() == 2);
  CHECK(row_as_json(again->batch, 0) == R"({"n":1006,"text":"number 1006"})");
  CHECK(lane.position().take() == "2");
}

TEST_CASE("source: a split that is not there is the job's fault", "[abi]") {
  const Loaded loaded(Kind::kSource, "numbers");
  const OptionMap options;
  Source source = numbers_source(loaded, options);
  REQUIRE(source.schema().ok());
  REQUIRE(source.plan(1).ok());

  const Status status = source.open("middle", "").status();

  CHECK(status.code() == Code::kJob);
  CHECK(status.facts().code == CM_NOT_FOUND);
}

TEST_CASE("sink: commits a chunk once, and says so when it comes again", "[abi]") {
  const Loaded loaded(Kind::kSink, "memory");
  const OptionMap options;
  auto sink = Sink::create(*loaded.module, loaded.host.abi(), options.abi());
  REQUIRE(sink.ok());
  const Batch batch = amounts({1.0, 2.0});
  const std::vector<SinkStream> streams{{"main", batch.shared_schema()}};
  const Abilities abilities = sink->bind(streams).take();
  CHECK(abilities.keeps_position());
  CHECK(abilities.max_lanes == 0);
  CHECK(sink->check().ok());
  CHECK_FALSE(sink->ledger("once").take().has_value());
  const Run run{"once", "r1", "f1", "here", 1};
  REQUIRE(sink->attach(run).ok());
  CHECK_FALSE(sink->committed("s").take().has_value());
  SinkLane lane = sink->open().take();
  std::vector<RowError> errors;

  const cm_counts counts{sizeof(cm_counts), 0, 3, 2, 1, 0};
  REQUIRE(lane.begin(chunk_of(0, "7")).take());
  REQUIRE(lane.write(0, batch, errors).ok());
  REQUIRE(lane.commit(counts).ok());
  const bool again = lane.begin(chunk_of(0, "7")).take();
  const SplitState state = sink->committed("s").take().value();

  CHECK_FALSE(again);
  CHECK(state.next_chunk == 1);
  CHECK(state.position == "7");
  CHECK(state.counts.rows_in == 3);
  CHECK(state.counts.rows_rejected == 1);
  CHECK_FALSE(sink->ledger("once").take()->finished);
  REQUIRE(sink->finish(run).ok());
  CHECK(sink->ledger("once").take()->finished);
  CHECK(sink->ledger("once").take()->fingerprint == "f1");
}

TEST_CASE("sink: bad rows come with the status, and a fenced chunk is told from other trouble",
          "[abi]") {
  const Loaded loaded(Kind::kSink, "memory");
  const OptionMap options{{"refuse", int64_t{2}}};
  auto sink = Sink::create(*loaded.module, loaded.host.abi(), options.abi());
  REQUIRE(sink.ok());
  const auto schema = std::make_shared<Schema>(Schema{{{"n", Type::kInt64}}});
  ColumnBuilder column(Type::kInt64, 3);
  for (const int64_t n : {1, 2, 3}) column.append_value(n);
  const Batch batch = Batch::of(schema, {column.finish().take()}, 3);
  const std::vector<SinkStream> streams{{"main", schema}};
  REQUIRE(sink->bind(streams).ok());
  REQUIRE(sink->attach({"bad rows", "r1", "f1", "here", 1}).ok());
  SinkLane lane = sink->open().take();
  REQUIRE(lane.begin(chunk_of(0, "3")).take());
  std::vector<RowError> errors;

  const Status status = lane.write(0, batch, errors);
  lane.abort();
  const Status fenced = lane.begin(chunk_of(5, "9")).status();

  CHECK(status.code() == Code::kUnavailable);
  CHECK(status.facts().code == CM_DATA);
  CHECK(status.facts().row == 1);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].row == 1);
  CHECK(errors[0].column == "n");
  CHECK(fenced.facts().code == CM_FENCED);
}

TEST_CASE("hook: is told events and may say that it failed", "[abi]") {
  Loaded loaded(Kind::kHook, "remembers");
  const OptionMap options;
  auto hook = Hook::create(*loaded.module, loaded.host.abi(), options.abi());
  REQUIRE(hook.ok());
  const OptionMap fields{{"job", std::string("nightly")}};

  CHECK(hook->event("run_start", fields.abi()).ok());
  const Status failed = hook->event("threshold", fields.abi());

  CHECK(loaded.services.lines == std::vector<std::string>{"run_start nightly"});
  CHECK(failed.code() == Code::kUnavailable);
  CHECK(failed.facts().where == "smtp");
  CHECK(failed.message() == "hook \"remembers\" 1.0.0: smtp: the mail server is down");
}

#ifndef NDEBUG
TEST_CASE("handles: in debug builds a call out of order ends the host and names plugin and call",
          "[abi]") {
  Loaded loaded(Kind::kSource, "numbers");
  const OptionMap options;
  Source source = numbers_source(loaded, options);

  const IsolatedOutcome outcome = run_isolated(
      std::chrono::seconds(30), [&](const IsolatedWrite&) { (void)source.open("low", "").ok(); });

  CHECK_THAT(outcome.fault,
             Catch::Contains("source \"numbers\" 2.1.0: open() was called before plan()"));
}

TEST_CASE("handles: in debug builds a call during another on one lane ends the host", "[abi]") {
  Loaded loaded(Kind::kSource, "numbers");
  CallSlot slot;

  const IsolatedOutcome outcome = run_isolated(std::chrono::seconds(30), [&](const IsolatedWrite&) {
    const CallSlot::Taken first(slot, *loaded.module, "next");
    const CallSlot::Taken second(slot, *loaded.module, "position");
  });

  CHECK_THAT(outcome.fault, Catch::Contains("position() was called while next has not returned"));
}
#endif

}  // namespace
}  // namespace chunkmill::host::test
