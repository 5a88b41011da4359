// What the SDK's row() costs over raw columns: two inputs multiplied into one output, by a
// RowCalculator, by a BatchCalculator, and by a bare loop over the arrays that process() is handed.
// Nanoseconds a row, the median of many batches of 10,000; once without nulls and once with a null
// in every hundredth row of an input, which rejects it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "chunkmill/testing.hpp"

namespace {

using chunkmill::In;
using chunkmill::Out;

constexpr int64_t kRows = 10'000;
constexpr int kBatches = 1'001;

struct Handles {
  In<double> spend;
  In<double> factor;
  Out<double> emissions;

  void bind(chunkmill::Columns& columns) {
    spend = columns.in<double>("spend");
    factor = columns.in<double>("factor");
    emissions = columns.out<double>("emissions");
  }
};

class ByRow : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"by_row", "1.0.0", "One row at a time"};
  void bind(chunkmill::Columns& columns) { handles_.bind(columns); }
  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    out[handles_.emissions] = in[handles_.spend] * in[handles_.factor];
  }

 private:
  Handles handles_;
};

class ByBatch : public chunkmill::BatchCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"by_batch", "1.0.0", "Whole columns"};
  void bind(chunkmill::Columns& columns) { handles_.bind(columns); }
  void process(const chunkmill::Batch& batch, chunkmill::Outputs& out,
               chunkmill::RowErrors& errors) const {
    const auto spend = batch.column<double>(static_cast<size_t>(handles_.spend.column()));
    const auto factor = batch.column<double>(static_cast<size_t>(handles_.factor.column()));
    chunkmill::ColumnBuilder& emissions = out[handles_.emissions];
    emissions.reserve(batch.row_count());
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      if (factor.is_null(row)) errors.report(row, "null_value", "\"factor\" is empty", "factor");
      emissions.append(spend[row] * factor[row]);
    }
  }

 private:
  Handles handles_;
};

// What no SDK could be faster than.
void bare_loop(const ArrowArray& batch, double* out) {
  const auto* spend = static_cast<const double*>(batch.children[0]->buffers[1]);
  const auto* factor = static_cast<const double*>(batch.children[1]->buffers[1]);
  for (int64_t row = 0; row < batch.length; ++row) out[row] = spend[row] * factor[row];
}

chunkmill::testing::Rows input(bool with_nulls) {
  chunkmill::Schema schema;
  schema.fields.push_back({"spend", chunkmill::Type::kFloat64, true});
  schema.fields.push_back({"factor", chunkmill::Type::kFloat64, true});
  chunkmill::BatchBuilder builder(schema);
  for (int64_t row = 0; row < kRows; ++row) {
    builder[0].append(static_cast<double>(row % 5'000) + 0.25);
    if (with_nulls && row % 100 == 99) {
      builder[1].append_null();
    } else {
      builder[1].append(static_cast<double>(row % 1016) / 500);
    }
  }
  chunkmill::UniqueArray array;
  builder.finish(array.get());
  return {schema, std::move(array)};
}

template <typename F>
double median_nanoseconds(F&& batch) {
  std::vector<double> times;
  for (int i = 0; i < kBatches; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    batch();
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
    times.push_back(time.count() / static_cast<double>(kRows));
  }
  std::nth_element(times.begin(), times.begin() + kBatches / 2, times.end());
  return times[kBatches / 2];
}

template <typename T>
double calculator_nanoseconds(const chunkmill::testing::Rows& rows) {
  chunkmill::testing::CalculatorRun run(chunkmill::testing::calculator_api<T>());
  run.bind(rows.schema()).expect_ok();
  run.open().expect_ok();
  return median_nanoseconds([&] {
    run.process(*rows.abi()).expect_ok();
    run.forget();
  });
}

}  // namespace

int main() {
  for (const bool with_nulls : {false, true}) {
    const chunkmill::testing::Rows rows = input(with_nulls);
    std::vector<double> out(kRows);
    const double bare = median_nanoseconds([&] { bare_loop(*rows.abi(), out.data()); });
    const double by_batch = calculator_nanoseconds<ByBatch>(rows);
    const double by_row = calculator_nanoseconds<ByRow>(rows);
    std::printf(
        "%-9s row() %5.2f  process() %5.2f  bare loop %5.2f  row() over process() %5.2f ns "
        "a row (wanted: under 15)\n",
        with_nulls ? "1% null" : "no nulls", by_row, by_batch, bare, by_row - by_batch);
  }
}
