#include "plugins/sources/generate/generate.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/plugins/csv_sink/source_rig.hpp"

using namespace chunkmill;
using generate::GenerateSource;
using rig::Lines;
using rig::List;
using rig::Map;

namespace {

std::unique_ptr<GenerateSource> make(int rows, const Map& columns, int seed = 1) {
  return rig::make<GenerateSource>({{"rows", rows}, {"seed", seed}, {"columns", columns}});
}

Lines read(int rows, const Map& columns, int seed = 1) {
  const auto source = make(rows, columns, seed);
  return rig::read_all(*source, source->schema());
}

const Map kAll{{"id", Map{{"sequence", 10}}},
               {"spend", Map{{"uniform", List{1, 1000}}, {"decimals", 2}, {"unit", "USD"}}},
               {"size", Map{{"uniform", List{-3, 3}}, {"decimals", 0}}},
               {"share", Map{{"uniform", List{0, 1}}}},
               {"kind", Map{{"choice", List{"a", "b", "c"}}, {"nulls", "20%"}}},
               {"note", Map{{"text", List{2, 20}}}},
               {"day", Map{{"date", List{"2024-02-28", "2024-03-01"}}}},
               {"time", Map{{"timestamp", List{"2024-01-01", "2024-01-02"}}}},
               {"key", Map{{"pattern", "SUP-{:06}"}}},
               {"of", Map{{"pattern", "#{}!"}, {"uniform", List{1, 9}}, {"decimals", 0}}}};

std::string refusal(const Map& column) {
  return rig::message_of([&] { make(1, {{"c", column}}); });
}

}  // namespace

TEST_CASE("generate: rows do not depend on chunks, splits or positions", "[generate]") {
  const auto source = make(100'017, kAll);
  const Schema schema = source->schema();
  const Lines whole = rig::read_all(*source, schema, 1'000'000);
  REQUIRE(whole.size() == 100'017);
  const std::vector<Split> splits = source->plan(2);
  REQUIRE(splits.size() == 3);

  CHECK(rig::read_split(*source, splits[1].id, schema, 777) ==
        Lines(whole.begin() + 50'000, whole.begin() + 100'000));
  CHECK(rig::read_split(*source, splits[2].id, schema, 5, "100010") ==
        Lines(whole.begin() + 100'010, whole.end()));
}

TEST_CASE("generate: the same seed gives the same rows on any machine, another other ones",
          "[generate]") {
  CHECK(read(2, kAll) == read(2, kAll));
  CHECK(read(2, kAll) != read(2, kAll, 2));
  // Pinned: a change here changes everybody's test data.
  CHECK(read(1, {{"n", Map{{"uniform", List{0, 1000000}}, {"decimals", 0}}}}) == Lines{"422802"});
}

TEST_CASE("generate: values are what their columns say", "[generate]") {
  const auto source = make(2000, kAll);
  const Schema schema = source->schema();
  const auto lane = source->open(source->plan(1)[0].id, "");
  std::vector<rig::BadRow> reports;
  rig::BadRows bad(&reports);
  const cm_row_errors sink = bad.abi();
  RowErrors errors(&sink);
  UniqueArray batch;
  REQUIRE(lane->next({2000, 0, 0}, batch.get(), errors));
  const Batch rows(batch.get(), &schema);

  std::set<int64_t> sizes;
  std::map<std::string, int> kinds;
  int nulls = 0;
  for (int64_t i = 0; i < 2000; ++i) {
    REQUIRE(rows.column<int64_t>(0)[i] == 10 + i);
    const double spend = rows.column<double>(1)[i];
    REQUIRE((spend >= 1 && spend <= 1000));
    REQUIRE(std::round(spend * 100) / 100 == spend);
    sizes.insert(rows.column<int64_t>(2)[i]);
    const double share = rows.column<double>(3)[i];
    REQUIRE((share >= 0 && share < 1));
    const auto kind = rows.column<std::string_view>(4).get(i);
    nulls += !kind;
    if (kind) ++kinds[std::string(*kind)];
    const size_t letters = rows.column<std::string_view>(5)[i].size();
    REQUIRE((letters >= 2 && letters <= 20));
    const int32_t day = rows.column<Date>(6)[i].days;
    REQUIRE((day >= 19781 && day <= 19783));
    REQUIRE(rows.column<Timestamp>(7)[i].micros % 1'000'000 == 0);
  }
  CHECK(sizes == std::set<int64_t>{-3, -2, -1, 0, 1, 2, 3});
  CHECK(nulls == Approx(400).margin(80));
  CHECK(kinds["a"] == Approx(533).margin(90));
  CHECK(kinds["b"] == Approx(533).margin(90));
  CHECK(rows.column<std::string_view>(8)[0] == "SUP-000001");
  CHECK(rows.column<std::string_view>(9)[0].size() == 3);
  CHECK(schema[1].unit == "USD");
}

TEST_CASE("generate: weights say how often a choice comes", "[generate]") {
  const Lines lines =
      read(4000, {{"c", Map{{"choice", List{"x", "never", "y"}}, {"weights", List{3, 0, 1}}}}});

  CHECK(std::count(lines.begin(), lines.end(), "x") == Approx(3000).margin(150));
  CHECK(std::count(lines.begin(), lines.end(), "never") == 0);
}

TEST_CASE("generate: columns keep their values when others are left out", "[generate]") {
  const auto source = make(3, kAll);
  const Lines whole = rig::read_all(*source, source->schema());
  const Schema wanted{{{"spend", Type::kUtf8}, {"id", Type::kInt64}}};

  REQUIRE(source->select(wanted));

  Lines expected;
  for (const std::string& line : whole) {
    const size_t first = line.find('|');
    const size_t second = line.find('|', first + 1);
    expected.push_back(line.substr(first + 1, second - first) + line.substr(0, first));
  }
  CHECK(rig::read_all(*source, wanted) == expected);
}

TEST_CASE("generate: choices become numbers where numbers are wanted", "[generate]") {
  const auto source =
      make(3, {{"c", Map{{"choice", List{"7", "7"}}}}, {"t", Map{{"choice", List{"x"}}}}});

  const Schema numbers{{{"c", Type::kInt64}}};
  CHECK(source->select(numbers));
  CHECK(rig::read_all(*source, numbers) == Lines{"7", "7", "7"});
  CHECK_FALSE(source->select({{{"t", Type::kFloat64}}}));
  CHECK(rig::code_of([&] { source->select({{{"none"}}}); }) == CM_NOT_FOUND);
}

TEST_CASE("generate: a record names its row, and can be made again", "[generate]") {
  const auto source = make(10, {{"id", Map{{"sequence", 1}}}, {"t", Map{{"pattern", "p{}"}}}});
  const Schema schema = source->schema();
  const std::string split = source->plan(1)[0].id;

  CHECK(rig::records_of(*source, split, "4", {0, 2}) ==
        Lines{"0@5 {\"row\":4,\"id\":5,\"t\":\"p5\"}", "2@7 {\"row\":6,\"id\":7,\"t\":\"p7\"}"});
  const auto lane = source->replay({{0, 7, "", "{\"row\":6,\"id\":7}"}, {1, 0, "", "odd"}});
  CHECK(rig::read_chunk(*lane, schema, 10) == Lines{"7|p7", "bad_record@0"});
  CHECK(rig::read_chunk(*lane, schema, 10).empty());
}

TEST_CASE("generate: no rows are no rows", "[generate]") {
  CHECK(read(0, {{"id", Map{{"sequence", 1}}}}).empty());
}

TEST_CASE("generate: a column that makes no sense is refused with the reason", "[generate]") {
  CHECK(refusal({}) == "say one of sequence, uniform, choice, text, date, timestamp and pattern");
  CHECK(refusal({{"sequence", 1}, {"text", 3}}) ==
        "say one of sequence, uniform, choice, text, date, timestamp and pattern");
  CHECK(refusal({{"uniform", List{2, 1}}}) == "expected [smallest, largest]");
  CHECK(refusal({{"uniform", List{0.1, 0.2}}, {"decimals", 0}}) ==
        "no number with these decimals lies between the bounds");
  CHECK(refusal({{"choice", List{"a"}}, {"weights", List{1, 2}}}) ==
        "there are 2 weights for 1 choices");
  CHECK(refusal({{"date", List{"2023-02-29", "2023-03-01"}}}) ==
        "\"2023-02-29\" is not one; write it like 2024-02-29");
  CHECK(refusal({{"pattern", "no number"}}) ==
        "it needs one {} or, padded with zeros to six digits, {:06}");
  CHECK(refusal({{"pattern", "{}"}, {"text", 3}}) ==
        "it takes whole numbers, from sequence or from uniform with decimals: 0");
  CHECK(refusal({{"nulls", "120%"}, {"sequence", 1}}) ==
        "expected a percentage between 0% and 100%");
  CHECK(rig::message_of([] { make(1, {}); }) ==
        "name at least one column, like {id: {sequence: 1}}");
}
