// Conformance: calculators.
#include <algorithm>

#include "framework/conformance/checks.hpp"
#include "framework/data/row_json.hpp"
#include "framework/plugin/calculator.hpp"

namespace chunkmill::host {
namespace {

constexpr int64_t kRows = 23;

// What a calculator put out for some rows, as text that does not depend on how they were cut into
// batches.
struct Results {
  std::vector<std::vector<std::string>> streams;
  std::vector<std::string> rejects;
  bool aggregated = false;  // a row came from no single input row
};

cm_chunk chunk_of(uint64_t sequence) {
  cm_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  chunk.attempt = 1;
  chunk.sequence = sequence;
  chunk.job = chunk.run = chunk.split = to_abi(std::string_view("conformance"));
  return chunk;
}

// CalculatorChecks are the checks on one bound calculator.
class CalculatorChecks {
 public:
  CalculatorChecks(Checklist& checks, Calculator& calculator)
      : checks_(checks), calculator_(calculator) {}

  void run() {
    if (!checks_.check("it names the columns it needs", [&] { return read_needs(); })) return;
    if (!checks_.check("it binds to them and declares its streams", [&]() -> Status {
          ASSIGN_OR_RETURN(streams_, calculator_.bind(*input_));
          return Status();
        })) {
      return;
    }
    Results whole;
    const bool works = checks_.check("it calculates rows with some nulls",
                                     [&] { return calculate(Nulls::kSome, kRows, 1, &whole); });
    checks_.check("it calculates rows without nulls", [&] {
      Results results;
      return calculate(Nulls::kNone, kRows, 1, &results);
    });
    checks_.check("it calculates rows of nothing but nulls", [&] {
      Results results;
      return calculate(Nulls::kAll, kRows, 1, &results);
    });
    checks_.check("an empty batch is legal", [&] {
      Results results;
      return calculate(Nulls::kNone, 0, 1, &results);
    });
    const std::string offsets = "a batch with an offset gives the same rows";
    const std::string ones = "batches of one row give the same rows as one batch";
    const bool comparable =
        works && !calculator_.ordered() && !whole.aggregated &&
        (calculator_.pure() || std::ranges::all_of(streams_, &StreamDecl::row_for_row));
    if (!comparable) {
      const char* why = works ? "its rows depend on each other" : "it does not calculate";
      checks_.skip(offsets, why);
      checks_.skip(ones, why);
      return;
    }
    checks_.check(offsets, [&]() -> Status {
      Results pieces;
      RETURN_IF_ERROR(calculate(Nulls::kSome, kRows, 3, &pieces));
      return same(whole, pieces);
    });
    checks_.check(ones, [&]() -> Status {
      Results pieces;
      RETURN_IF_ERROR(calculate(Nulls::kSome, kRows, kRows, &pieces));
      return same(whole, pieces);
    });
  }

 private:
  Status read_needs() {
    ASSIGN_OR_RETURN(const std::vector<Need> needs, calculator_.needs(Schema()));
    Schema input;
    for (const Need& need : needs) {
      if (input.find(need.column) >= 0) continue;
      Field field = need.type.value_or(Field{.name = {}, .type = Type::kFloat64});
      field.name = need.column;
      field.nullable = true;
      field.unit = need.unit;
      input.fields.push_back(std::move(field));
    }
    // Something that is there, but not needed.
    if (input.find("conformance_other") < 0) {
      input.fields.push_back({.name = "conformance_other", .type = Type::kUtf8});
    }
    input_ = std::make_shared<const Schema>(std::move(input));
    return Status();
  }

  // `pieces` batches over `rows` sample rows; all but the first piece have an offset.
  Status calculate(Nulls nulls, int64_t rows, int64_t pieces, Results* out) {
    ASSIGN_OR_RETURN(const Batch whole, sample_batch(input_, rows, nulls));
    ASSIGN_OR_RETURN(CalculatorLane lane, calculator_.open());
    out->streams.resize(streams_.size());
    for (int64_t piece = 0; piece < pieces; ++piece) {
      const int64_t begin = rows * piece / pieces;
      const int64_t end = rows * (piece + 1) / pieces;
      const cm_chunk chunk = chunk_of(static_cast<uint64_t>(piece));
      Emitted emitted;
      RETURN_IF_ERROR(lane.process(chunk, whole.slice(begin, end - begin), emitted));
      RETURN_IF_ERROR(lane.flush(chunk, emitted));
      collect(emitted, begin, out);
    }
    return Status();
  }

  void collect(const Emitted& emitted, int64_t begin, Results* out) const {
    std::vector<int64_t> rejected;
    for (const RowError& error : emitted.errors) {
      rejected.push_back(error.row);
      out->rejects.push_back("row " + std::to_string(begin + error.row) + " " + error.code + " " +
                             error.column);
    }
    for (const EmittedBatch& batch : emitted.batches) {
      int64_t row_for_row = 0;
      for (int64_t row = 0; row < batch.batch.row_count(); ++row) {
        const bool has_parents = !batch.parents.empty();
        const int64_t parent =
            has_parents ? batch.parents[static_cast<size_t>(row)] : row_for_row++;
        // What a rejected row of a row-for-row stream holds is nobody's concern.
        if (!has_parents && std::ranges::count(rejected, parent) > 0) continue;
        out->aggregated = out->aggregated || parent < 0;
        out->streams[batch.stream].push_back("of row " + std::to_string(begin + parent) + ": " +
                                             row_as_json(batch.batch, row));
      }
    }
  }

  Status same(const Results& expected, const Results& got) const {
    RETURN_IF_ERROR(same_rows(expected.rejects, got.rejects).with_context("rejects"));
    for (size_t i = 0; i < streams_.size(); ++i) {
      RETURN_IF_ERROR(same_rows(expected.streams[i], got.streams[i])
                          .with_context("stream \"" + streams_[i].name + "\""));
    }
    return Status();
  }

  Checklist& checks_;
  Calculator& calculator_;
  std::shared_ptr<const Schema> input_;  // shared: batches refer to it
  std::vector<StreamDecl> streams_;
};

}  // namespace

void check_calculator(Checklist& checks, const Subject& subject) {
  auto calculator = Calculator::create(subject.module, subject.host,
                                       subject.options ? *subject.options : empty_options());
  if (!calculator.ok()) {
    checks.skip("its results", "it cannot be made: " + calculator.status().message() +
                                   "; give it options to check more");
    return;
  }
  CalculatorChecks(checks, *calculator).run();
}

}  // namespace chunkmill::host
