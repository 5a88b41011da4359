#include <catch2/catch.hpp>
#include <stdexcept>

#include "chunkmill/testing/calculator_run.hpp"

namespace chunkmill {
namespace {

using testing::calculator_api;
using testing::CalculatorRun;
using testing::Outcome;
using testing::Rows;

using Lines = std::vector<std::string>;

// Multiplies; rejects amounts that are negative, throws at 666.
class Tax : public RowCalculator {
 public:
  static constexpr Info kInfo{"tax", "1.0.0", "Adds the tax of an amount"};
  void configure(Options& opt) { opt.optional("rate", rate_, "share"); }
  void bind(Columns& columns) {
    amount_ = columns.in<double>("amount", "USD", "columns.amount");
    note_ = columns.in_if_present<std::optional<std::string_view>>("note");
    tax_ = columns.out<double>("tax", "USD");
    text_ = columns.out<std::string_view>("text");
  }
  void row(const Row& in, RowOut& out) const {
    out[text_] = in[note_];
    if (in[amount_] < 0) return out.reject("negative_amount", "it is below zero", "amount");
    if (in[amount_] == 666) throw Error(CM_DATA, "not that one").row(in.index());
    out[tax_] = in[amount_] * rate_;
  }

 private:
  double rate_ = 0.1;
  In<double> amount_;
  In<std::optional<std::string_view>> note_;
  Out<double> tax_;
  Out<std::string_view> text_;
};

// Leaves rows out; puts out rows of its own or none.
template <bool kWithColumn>
class Positive : public RowCalculator {
 public:
  static constexpr Info kInfo{"positive", "1.0.0", "Keeps what is above zero"};
  void bind(Columns& columns) {
    columns.main().any_rows();
    amount_ = columns.in<int64_t>("amount");
    if (kWithColumn) twice_ = columns.out<int64_t>("twice");
  }
  void row(const Row& in, RowOut& out) const {
    if (kWithColumn) out[twice_] = 2 * in[amount_];
    if (in[amount_] == 0) return out.reject("zero", "it is zero");
    if (in[amount_] < 0) out.skip();
  }

 private:
  In<int64_t> amount_;
  Out<int64_t> twice_;
};

// Only checks.
class NotNull : public RowCalculator {
 public:
  static constexpr Info kInfo{"not_null", "1.0.0", "Rejects rows without an amount"};
  void bind(Columns& columns) { columns.in<int64_t>("amount"); }
  void row(const Row&, RowOut&) const {}
};

// Sets cells twice, late, from strings, and back to nothing.
class Texts : public RowCalculator {
 public:
  static constexpr Info kInfo{"texts", "1.0.0", "Writes text"};
  void bind(Columns& columns) {
    amount_ = columns.in<int64_t>("amount");
    name_ = columns.out<std::string_view>("name");
    kind_ = columns.out<std::string_view>("kind");
  }
  void row(const Row& in, RowOut& out) const {
    out[kind_] = "first";
    if (in[amount_] == 1) out[name_] = std::string("one");
    if (in[amount_] == 2) out[kind_] = "second";
    if (in[amount_] == 3) out[kind_] = std::nullopt;
    if (in[amount_] == 4) out[name_] = std::optional<std::string>("four");
  }

 private:
  In<int64_t> amount_;
  Out<std::string_view> name_;
  Out<std::string_view> kind_;
};

// Whole batches: doubles into the main stream, large ones into a second, sums at the end.
class Sums : public BatchCalculator {
 public:
  static constexpr Info kInfo{"sums", "1.0.0", "Doubles and sums", CM_CALCULATOR_ORDERED};
  struct Lane {
    int64_t sum = 0;
  };
  void bind(Columns& columns) {
    amount_ = columns.in<int64_t>("amount");
    twice_ = columns.out<int64_t>("twice");
    large_ = columns.stream("large").out<int64_t>("amount");
    sum_ = columns.stream("sums").out<int64_t>("sum");
  }
  void process(Lane& lane, const Chunk& chunk, const Batch& batch, Outputs& out,
               RowErrors& errors) const {
    if (chunk.attempt() > 1) lane.sum = 0;
    const auto amount = batch.column<int64_t>(static_cast<size_t>(amount_.column()));
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      out[twice_].append(2 * amount[row]);
      lane.sum += amount[row];
      if (amount[row] > 100) {
        out[large_].append(amount[row]);
        out.parent(large_.stream(), row);
      }
      if (amount[row] == 13) errors.report(row, "unlucky", "it is 13");
      if (amount[row] == 666) throw std::runtime_error("not that one");
    }
  }
  void flush(Lane& lane, const Chunk& chunk, Outputs& out, RowErrors&) const {
    out[sum_].append(lane.sum);
    if (chunk.sequence() == 666) throw Error(CM_INTERNAL, "flush failed");
    out.parent(sum_.stream(), -1);
    lane.sum = 0;
  }

 private:
  In<int64_t> amount_;
  Out<int64_t> twice_;
  Out<int64_t> large_;
  Out<int64_t> sum_;
};

// Forgets to name parents.
class Orphans : public BatchCalculator {
 public:
  static constexpr Info kInfo{"orphans", "1.0.0", "Has a bug"};
  void bind(Columns& columns) {
    columns.main().any_rows();
    out_ = columns.out<int64_t>("x");
  }
  void process(const Batch&, Outputs& out, RowErrors&) const { out[out_].append(int64_t{1}); }

 private:
  Out<int64_t> out_;
};

}  // namespace

TEST_CASE("calculator: tells what it needs before it is bound", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());

  REQUIRE(run.bind(Rows("amount:float").schema()).ok());

  REQUIRE(run.needs.size() == 2);
  CHECK(run.needs[0].column == "amount");
  CHECK(run.needs[0].format == "g");
  CHECK(run.needs[0].unit == "USD");
  CHECK(run.needs[0].option == "columns.amount");
  CHECK_FALSE(run.needs[0].optional);
  CHECK(run.needs[1].column == "note");
  CHECK(run.needs[1].optional);
  REQUIRE(run.streams.size() == 1);
  CHECK(run.streams[0].name == "main");
  CHECK(run.streams[0].flags == (CM_STREAM_ROW_FOR_ROW | CM_STREAM_APPEND));
  CHECK(run.streams[0].schema[0].unit == "USD");
}

TEST_CASE("calculator: a missing column and one of another type are refused by name", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());

  const Outcome missing = run.bind(Rows("amont:float").schema());
  const Outcome other = run.bind(Rows("amount:int64").schema());

  CHECK(missing.code == CM_INVALID);
  CHECK(missing.message == "there is no column \"amount\"");
  CHECK(missing.where == "columns.amount");
  CHECK(other.code == CM_INVALID);
  CHECK(other.message == "column \"amount\" is a int64 where a float is needed");
}

// Hands a column on in whatever type it has.
class Passes : public BatchCalculator {
 public:
  static constexpr Info kInfo{"passes", "1.0.0", "Hands a column on"};
  void bind(Columns& columns) {
    columns.in_any_type("x", "columns.x");
    columns.out<bool>("there");
  }
  void process(const Batch& batch, Outputs& outputs, RowErrors&) const {
    outputs.stream(0).fill_to(batch.row_count());
  }
};

TEST_CASE("calculator: a column in any type is needed, and taken as it comes", "[sdk]") {
  for (const char* const columns : {"x:float", "x", "x:decimal(20,4)", "y,x:date!"}) {
    CalculatorRun run(calculator_api<Passes>());

    const Outcome outcome = run.bind(Rows(columns).schema());

    INFO(columns << ": " << outcome.message);
    CHECK(outcome.ok());
    REQUIRE(run.needs.size() == 1);
    CHECK(run.needs[0].column == "x");
    CHECK(run.needs[0].format.empty());
    CHECK(run.needs[0].option == "columns.x");
  }
  CalculatorRun run(calculator_api<Passes>());
  CHECK(run.bind(Rows("y").schema()).where == "columns.x");
}

TEST_CASE("row: rows are calculated whatever batches and offsets they come in", "[sdk]") {
  const Rows rows("amount:float,note; 100,a; 200,; 0,c; 50,d; 10,e; 1,; 2,; 3,; 4,; 5,k");
  const Lines expected{"25|a",      "50|null",  "0|c",       "12.5|d", "2.5|e",
                       "0.25|null", "0.5|null", "0.75|null", "1|null", "1.25|k"};
  for (const int64_t batch : {1, 2, 3, 7, 10}) {
    CalculatorRun run(calculator_api<Tax>(), {{"rate", 0.25}});

    run.feed(rows, batch);

    INFO(batch);
    CHECK(run.lines() == expected);
  }
}

TEST_CASE("row: an optional column that is not there reads as null", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());

  run.feed(Rows("amount:float; 10"));

  CHECK(run.lines() == Lines{"1|null"});
}

TEST_CASE("row: a null where a value is needed rejects the row before row() sees it", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());

  run.feed(Rows("amount:float; 10; null; 30"), 2);

  CHECK(run.lines() == Lines{"1|null", "3|null"});
  REQUIRE(run.rejects.size() == 1);
  CHECK(run.rejects[0].row == 1);
  CHECK(run.rejects[0].code == "null_value");
  CHECK(run.rejects[0].column == "amount");
}

TEST_CASE("row: a rejected row keeps its place, so that the rows after it fit", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());

  run.feed(Rows("amount:float,note; -1,bad; 20,good; -3,bad; 40,"));

  CHECK(run.lines() == Lines{"2|good", "4|null"});
  CHECK(run.cell(3, "tax") == "4");
  CHECK(run.reject_codes() == "negative_amount negative_amount");
  CHECK(run.rejects[1].row == 2);
}

TEST_CASE("row: a throw in the middle of a batch leaves nothing behind", "[sdk]") {
  CalculatorRun run(calculator_api<Tax>());
  const Rows bad("amount:float,note; 1,a; 666,b; 3,c");
  REQUIRE(run.bind(bad.schema()).ok());
  REQUIRE(run.open().ok());

  const Outcome outcome = run.process(*bad.abi());
  const bool nothing = run.lines().empty();
  run.feed(Rows("amount:float,note; 10,d"));

  CHECK(outcome.code == CM_DATA);
  CHECK(outcome.row == 1);
  CHECK(nothing);
  CHECK(run.lines() == Lines{"1|d"});
}

TEST_CASE("row: with any_rows skipped and rejected rows are left out, the others name theirs",
          "[sdk]") {
  CalculatorRun run(calculator_api<Positive<true>>());

  run.feed(Rows("amount:int64; 1; -1; 0; 4; null; 6; -7"), 3);

  CHECK(run.lines() == Lines{"2", "8", "12"});
  CHECK(run.parents() == std::vector<int64_t>{0, 3, 5});
  CHECK(run.reject_codes() == "zero null_value");
}

TEST_CASE("row: a filter needs no column of its own", "[sdk]") {
  CalculatorRun run(calculator_api<Positive<false>>());

  run.feed(Rows("amount:int64; 1; -1; 0; 4"));

  CHECK(run.parents() == std::vector<int64_t>{0, 3});
  REQUIRE(run.streams[0].emitted.size() == 1);
  CHECK(run.streams[0].emitted[0].rows.row_count() == 2);
  CHECK(run.streams[0].emitted[0].rows.schema().size() == 0);
}

TEST_CASE("row: a check without columns of its own still answers row for row", "[sdk]") {
  CalculatorRun run(calculator_api<NotNull>());

  run.feed(Rows("amount:int64; 1; null; 3"));

  REQUIRE(run.streams[0].emitted.size() == 1);
  CHECK(run.streams[0].emitted[0].rows.row_count() == 3);
  CHECK(run.reject_codes() == "null_value");
}

TEST_CASE("row: a cell takes strings, keeps its last value and can go back to null", "[sdk]") {
  CalculatorRun run(calculator_api<Texts>());

  run.feed(Rows("amount:int64; 0; 1; 2; 3; 4; 5"));

  CHECK(run.lines() ==
        Lines{"null|first", "one|first", "null|second", "null|null", "four|first", "null|first"});
}

TEST_CASE("batch: side streams have their own rows with their parents", "[sdk]") {
  CalculatorRun run(calculator_api<Sums>());

  run.feed(Rows("amount:int64; 5; 200; 13; 300"), 2);

  CHECK(run.lines(0) == Lines{"10", "400", "600"});
  CHECK(run.lines(1) == Lines{"200", "300"});
  CHECK(run.parents(1) == std::vector<int64_t>{1, 3});
  CHECK(run.reject_codes() == "unlucky");
  CHECK(run.streams[1].name == "large");
  CHECK(run.streams[1].flags == 0);
}

TEST_CASE("batch: a lane keeps state, flush hands it over, another attempt forgets it", "[sdk]") {
  CalculatorRun run(calculator_api<Sums>());
  run.feed(Rows("amount:int64; 1; 2; 3"), 1);

  REQUIRE(run.flush().ok());
  testing::TestChunk again;
  again.attempt = 2;
  run.feed(Rows("amount:int64; 100"));
  REQUIRE(run.process(*Rows("amount:int64; 4").abi(), again).ok());
  REQUIRE(run.flush().ok());

  CHECK(run.lines(2) == Lines{"6", "4"});
  CHECK(run.parents(2) == std::vector<int64_t>{-1, -1});
}

TEST_CASE("batch: a throw leaves clean streams, in process and in flush", "[sdk]") {
  CalculatorRun run(calculator_api<Sums>());
  run.feed(Rows("amount:int64; 1"));
  run.forget();
  testing::TestChunk bad;
  bad.sequence = 666;

  const Outcome process = run.process(*Rows("amount:int64; 200; 666").abi());
  const Outcome flush = run.flush(bad);
  run.feed(Rows("amount:int64; 300"));
  REQUIRE(run.flush().ok());

  CHECK(process.code == CM_INTERNAL);
  CHECK(process.message == "not that one");
  CHECK(flush.code == CM_INTERNAL);
  CHECK(run.lines(0) == Lines{"600"});
  CHECK(run.lines(1) == Lines{"300"});
  CHECK(run.lines(2).size() == 1);
}

TEST_CASE("batch: rows without parents are a bug of the plugin, and said to be", "[sdk]") {
  CalculatorRun run(calculator_api<Orphans>());
  const Rows rows("a; x");
  REQUIRE(run.bind(rows.schema()).ok());
  REQUIRE(run.open().ok());

  const Outcome outcome = run.process(*rows.abi());

  CHECK(outcome.code == CM_INTERNAL);
  CHECK(outcome.message == "stream \"main\": 1 rows with 0 parents");
}

TEST_CASE("calculator: a wrong option is an outcome, not an exception", "[sdk]") {
  const CalculatorRun run(calculator_api<Tax>(), {{"rate", "half"}});

  CHECK(run.created.code == CM_INVALID);
  CHECK(run.created.where == "rate");
}

}  // namespace chunkmill
