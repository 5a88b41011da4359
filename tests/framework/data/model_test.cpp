// Random batches, sliced, filtered and put together, against the same done to plain vectors of
// optional strings.
#include <catch2/catch.hpp>
#include <random>

#include "framework/data/batch.hpp"
#include "framework/data/filter.hpp"
#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

namespace {

using Model = std::vector<Values>;  // by column

class Dice {
 public:
  int64_t below(int64_t bound) {
    return std::uniform_int_distribution<int64_t>(0, bound - 1)(random_);
  }
  bool often(int64_t percent) { return below(100) < percent; }

 private:
  std::mt19937 random_{20240229};
};

const std::vector<Field>& all_types() {
  static const std::vector<Field> kFields = {
      field("bool", Type::kBool),   field("int32", Type::kInt32),
      field("int64", Type::kInt64), field("float", Type::kFloat64),
      field("utf8", Type::kUtf8),   field("binary", Type::kBinary),
      field("date", Type::kDate32), field("time", Type::kTimestamp),
      decimal("decimal", 30, 3)};
  return kFields;
}

std::string random_value(const Field& field, Dice& dice) {
  const std::string number = std::to_string(dice.below(2'000'000) - 1'000'000);
  switch (field.type) {
    case Type::kBool:
      return dice.often(50) ? "true" : "false";
    case Type::kInt32:
    case Type::kInt64:
    case Type::kFloat64:
      return number;
    case Type::kDecimal128:
      return number + ".125";
    case Type::kDate32:
      return "2024-02-" + std::to_string(10 + dice.below(20));
    case Type::kTimestamp:
      return "2024-02-29T12:30:" + std::to_string(10 + dice.below(50)) + "Z";
    case Type::kUtf8:
    case Type::kBinary:
      break;
  }
  return std::string(static_cast<size_t>(dice.below(12)), static_cast<char>('a' + dice.below(26)));
}

std::pair<Batch, Model> random_batch(Dice& dice) {
  const int64_t rows = dice.below(70);
  const int64_t before = dice.below(12);
  const int64_t after = dice.below(5);
  RawTable table;
  Model model;
  for (const Field& column : all_types()) {
    const int64_t null_percent = dice.often(30) ? 0 : dice.below(101);
    Values values;
    for (int64_t row = 0; row < before + rows + after; ++row) {
      values.push_back(dice.often(null_percent) ? std::nullopt
                                                : std::optional(random_value(column, dice)));
    }
    table.add(column, values, dice.below(20));
    if (dice.often(30)) table.child(model.size()).null_count = -1;
    model.emplace_back(values.begin() + before, values.begin() + before + rows);
  }
  table.window(before, rows);
  return {table.batch(), model};
}

void slice_both(Batch& batch, Model& model, Dice& dice) {
  const int64_t first = dice.below(batch.row_count() + 1);
  const int64_t count = dice.below(batch.row_count() - first + 1);
  batch = batch.slice(first, count);
  for (Values& values : model)
    values = Values(values.begin() + first, values.begin() + first + count);
}

void filter_both(Batch& batch, Model& model, Dice& dice) {
  // High and low percentages give long runs and single rows.
  const int64_t percent = dice.below(101);
  std::vector<int64_t> kept;
  Model rest(model.size());
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    if (!dice.often(percent)) continue;
    kept.push_back(row);
    for (size_t i = 0; i < model.size(); ++i) {
      rest[i].push_back(model[i][static_cast<size_t>(row)]);
    }
  }
  batch = filter(batch, kept);
  model = rest;
}

void concat_both(Batch& batch, Model& model, Dice& dice) {
  std::vector<Batch> batches = {batch};
  for (int64_t more = dice.below(3); more > 0; --more) {
    auto [next, values] = random_batch(dice);
    if (dice.often(50)) slice_both(next, values, dice);
    batches.push_back(next);
    for (size_t i = 0; i < model.size(); ++i) {
      model[i].insert(model[i].end(), values[i].begin(), values[i].end());
    }
  }
  batch = concat(batches).take();
}

void check_equal(const Batch& batch, const Model& model) {
  for (size_t i = 0; i < model.size(); ++i) {
    REQUIRE(values_of(batch, i) == model[i]);
    const auto nulls = std::count(model[i].begin(), model[i].end(), std::nullopt);
    REQUIRE(batch.column(i).null_count() == nulls);
  }
}

}  // namespace

TEST_CASE("batch: slices, filters and concatenations of random batches agree with a naive model",
          "[data]") {
  Dice dice;
  for (int round = 0; round < 300; ++round) {
    auto [batch, model] = random_batch(dice);
    check_equal(batch, model);
    for (int step = 0; step < 6; ++step) {
      switch (dice.below(3)) {
        case 0:
          slice_both(batch, model, dice);
          break;
        case 1:
          filter_both(batch, model, dice);
          break;
        default:
          concat_both(batch, model, dice);
      }
      check_equal(batch, model);
    }
  }
}
