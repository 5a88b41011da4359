#include "framework/data/filter.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

TEST_CASE("filter: keeps the named rows of every type, nulls included", "[data]") {
  RawTable table;
  table.add(field("a", Type::kBool), {"true", "false", std::nullopt, "true", "true"}, 6);
  table.add(field("b", Type::kInt32), {"0", "1", "2", std::nullopt, "4"});
  table.add(field("c", Type::kUtf8), {"zero", "one", std::nullopt, "three", ""}, 1);
  table.add(decimal("d", 10, 2), {"0.00", "0.01", "0.02", "0.03", "0.04"}, 2);
  const std::vector<int64_t> kept = {0, 2, 3};

  const Batch some = filter(table.batch(), kept);

  CHECK(some.row_count() == 3);
  CHECK(values_of(some, 0) == Values{"true", std::nullopt, "true"});
  CHECK(values_of(some, 1) == Values{"0", "2", std::nullopt});
  CHECK(values_of(some, 2) == Values{"zero", std::nullopt, "three"});
  CHECK(values_of(some, 3) == Values{"0.00", "0.02", "0.03"});
}

TEST_CASE("filter: the result is compact and lets the input go", "[data]") {
  RawTable table;
  table.add(field("t", Type::kUtf8), {"aaaaaaaaaa", "b", "cccccccccc"}, 4);
  const auto releases = table.releases();
  const std::vector<int64_t> kept = {1};

  const Batch some = filter(table.batch(), kept);

  CHECK(*releases == 1);
  CHECK(some.column(0).abi().offset == 0);
  CHECK(some.column(0).offsets()[0] == 0);
  CHECK(some.byte_size() == 9);
}

TEST_CASE("filter: a column whose nulls are all dropped has no bitmap", "[data]") {
  const Batch batch = one_column(field("n", Type::kInt64), {"1", std::nullopt, "3"});
  const std::vector<int64_t> kept = {0, 2};

  const Batch some = filter(batch, kept);

  CHECK(some.column(0).abi().buffers[0] == nullptr);
  CHECK(some.column(0).null_count() == 0);
}

TEST_CASE("filter: all rows kept is the batch itself, none is an empty one", "[data]") {
  const Batch batch = one_column(field("t", Type::kUtf8), {"a", "b"});
  const std::vector<int64_t> all = {0, 1};

  CHECK(filter(batch, all).abi() == batch.abi());
  CHECK(filter(batch, {}).row_count() == 0);
  CHECK(filter(batch, {}).schema() == batch.schema());
  CHECK(filter(batch, {}).column(0).abi().buffers[1] != nullptr);
}

TEST_CASE("concat: rows of all batches in order, nulls across byte boundaries", "[data]") {
  std::vector<Batch> batches;
  Values expected;
  for (int i = 0; i < 7; ++i) {
    Values values;
    for (int k = 0; k <= i; ++k) {
      if ((i + k) % 2 == 0) {
        values.push_back(std::to_string(10 * i + k));
      } else {
        values.push_back(std::nullopt);
      }
    }
    expected.insert(expected.end(), values.begin(), values.end());
    batches.push_back(one_column(field("n", Type::kInt64), values, i));
  }

  const Result<Batch> whole = concat(batches);

  REQUIRE(whole.ok());
  CHECK(values_of(*whole, 0) == expected);
}

TEST_CASE("concat: a single batch is given back, empty ones add nothing", "[data]") {
  const Batch batch = one_column(field("t", Type::kUtf8), {"a", std::nullopt});
  const std::vector<Batch> one = {batch};
  const std::vector<Batch> three = {batch.slice(0, 0), batch, batch.slice(2, 0)};

  CHECK(concat(one)->abi() == batch.abi());
  CHECK(values_of(*concat(three), 0) == Values{"a", std::nullopt});
}

TEST_CASE("interleave: the named rows of several batches, in the order that is named", "[data]") {
  const std::vector<Batch> batches = {
      one_column(field("t", Type::kUtf8), {"a", "b", std::nullopt, "d"}),
      one_column(field("t", Type::kUtf8), {"e", std::nullopt})};
  const std::vector<RowOfBatch> order = {{1, 1}, {0, 1}, {0, 2}, {1, 0}, {0, 0}};

  CHECK(values_of(*interleave(batches, order), 0) ==
        Values{std::nullopt, "b", std::nullopt, "e", "a"});
  CHECK(interleave(batches, {})->row_count() == 0);
}

TEST_CASE("concat: text beyond 2 GiB is refused as too large", "[data]") {
  const Batch small = one_column(field("t", Type::kUtf8), {"x"});
  RawTable table;
  table.add(field("t", Type::kUtf8), {"y"});
  // Claims as many bytes as offsets can; none of them is read, because they do not fit.
  const int32_t end = INT32_MAX;
  std::memcpy(table.column(0).values.data() + 4, &end, sizeof end);
  const std::vector<Batch> batches = {small, table.batch()};

  const Result<Batch> whole = concat(batches);

  REQUIRE_FALSE(whole.ok());
  CHECK(whole.status().facts().code == CM_TOO_LARGE);
  CHECK(whole.status().message().starts_with("column \"t\": more than 2 GiB of text"));
}

// Rows that are far from each other are gathered one by one, not as runs.
TEST_CASE("filter: few of many rows of every type, nulls, offsets and the last text included",
          "[data]") {
  constexpr int kRows = 203;
  Values flags, numbers, texts, amounts, kept_flags, kept_numbers, kept_texts, kept_amounts;
  std::vector<int64_t> kept;
  for (int i = 0; i < kRows; ++i) {
    flags.push_back(i % 3 == 0 ? "true" : "false");
    numbers.push_back(i % 7 == 0 ? std::nullopt : std::optional(std::to_string(i * 1'000)));
    texts.push_back(i % 5 == 0 ? std::nullopt
                               : std::optional(std::string(static_cast<size_t>(i % 40), 'a')));
    amounts.push_back(std::to_string(i) + ".25");
    if (i % 2 == 1 && i + 1 != kRows) continue;
    if (i % 6 == 0) continue;
    kept.push_back(i);
    kept_flags.push_back(flags.back());
    kept_numbers.push_back(numbers.back());
    kept_texts.push_back(texts.back());
    kept_amounts.push_back(amounts.back());
  }
  RawTable table;
  table.add(field("a", Type::kBool), flags, 3);
  table.add(field("b", Type::kInt32), numbers, 1);
  table.add(field("c", Type::kInt64), numbers, 9);
  table.add(field("d", Type::kUtf8), texts, 2);
  table.add(decimal("e", 10, 2), amounts);

  const Batch some = filter(table.batch(), kept);

  CHECK(values_of(some, 0) == kept_flags);
  CHECK(values_of(some, 1) == kept_numbers);
  CHECK(values_of(some, 2) == kept_numbers);
  CHECK(values_of(some, 3) == kept_texts);
  CHECK(values_of(some, 4) == kept_amounts);
  CHECK(some.column(1).null_count() ==
        std::count(kept_numbers.begin(), kept_numbers.end(), std::nullopt));
}

TEST_CASE("filter: columns that nobody reads are null, of any type", "[data]") {
  RawTable table;
  table.add(field("a", Type::kBool), {"true", "false", "true"});
  table.add(field("b", Type::kUtf8), {"one", "two", "three"});
  table.add(field("c", Type::kInt64), {"1", "2", "3"});
  table.add(decimal("d", 10, 2), {"0.01", "0.02", "0.03"});
  const Batch batch = table.batch();
  const std::vector<int64_t> kept = {0, 2};

  const Batch some = filter(batch, kept, {false, false, true, false});

  CHECK(some.schema() == batch.schema());
  CHECK(values_of(some, 0) == Values{std::nullopt, std::nullopt});
  CHECK(values_of(some, 1) == Values{std::nullopt, std::nullopt});
  CHECK(values_of(some, 2) == Values{"1", "3"});
  CHECK(values_of(some, 3) == Values{std::nullopt, std::nullopt});
  CHECK(some.column(1).null_count() == 2);
  CHECK(some.column(1).text_size() == 0);
}
