#include <catch2/catch.hpp>

#include "framework/data/batch.hpp"
#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

namespace {

// A table with a float and a text column of three rows.
void fill(RawTable& table) {
  table.add(field("spend", Type::kFloat64), {"1.5", std::nullopt, "3"});
  table.add(field("name", Type::kUtf8), {"iron", "", "zinc"});
}

std::string refusal(RawTable& table, const ImportOptions& options = {}) {
  const Result<Batch> batch = table.import(options);
  REQUIRE_FALSE(batch.ok());
  CHECK(batch.status().code() == Code::kPlugin);
  CHECK(table.array()->release == nullptr);
  CHECK(*table.releases() == 1);
  return batch.status().message();
}

template <typename Falsify>
std::string refusal_of(Falsify falsify) {
  RawTable table;
  fill(table);
  falsify(table);
  return refusal(table);
}

}  // namespace

TEST_CASE("import: every type comes through with its values and nulls", "[data]") {
  const std::pair<Field, Values> columns[] = {
      {field("a", Type::kBool), {"true", std::nullopt, "false"}},
      {field("b", Type::kInt32), {"-2147483648", std::nullopt, "7"}},
      {field("c", Type::kInt64), {"9223372036854775807", "0", std::nullopt}},
      {field("d", Type::kFloat64), {"0.1", "-1e+300", std::nullopt}},
      {field("e", Type::kUtf8), {"", std::nullopt, "z\xC3\xBCrich"}},
      {field("f", Type::kBinary), {std::string("\0\xFF", 2), std::nullopt, ""}},
      {field("g", Type::kDate32), {"2024-02-29", "1969-12-31", std::nullopt}},
      {field("h", Type::kTimestamp),
       {"2024-02-29T12:30:59.000001Z", std::nullopt, "1970-01-01T00:00:00Z"}},
      {decimal("i", 38, 4), {"-12.3400", "99999999999999999999.0000", std::nullopt}}};
  RawTable table;
  for (const auto& [column, values] : columns) table.add(column, values);

  const Batch batch = table.batch();

  REQUIRE(batch.row_count() == 3);
  for (size_t i = 0; i < std::size(columns); ++i) CHECK(values_of(batch, i) == columns[i].second);
}

TEST_CASE("import: the offsets of the struct and of its children add up", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), {"0", "1", std::nullopt, "3", "4"}, 3);
  table.add(field("t", Type::kUtf8), {"a", "bb", "ccc", std::nullopt, "e"}, 9);
  table.add(field("b", Type::kBool), {"false", "true", "true", "false", std::nullopt}, 7);
  table.window(1, 3);

  const Batch batch = table.batch();

  CHECK(batch.row_count() == 3);
  CHECK(values_of(batch, 0) == Values{"1", std::nullopt, "3"});
  CHECK(values_of(batch, 1) == Values{"bb", "ccc", std::nullopt});
  CHECK(values_of(batch, 2) == Values{"true", "true", "false"});
  CHECK(batch.column(0).null_count() == 1);
}

TEST_CASE("import: moves the array and releases it with the last column in use", "[data]") {
  RawTable table;
  fill(table);
  const auto releases = table.releases();

  std::optional<Batch> batch = table.batch();
  CHECK(table.array()->release == nullptr);
  std::optional<Column> column = batch->column(1);
  batch.reset();

  CHECK(*releases == 0);
  CHECK(column->text(2) == "zinc");
  column.reset();
  CHECK(*releases == 1);
}

TEST_CASE("import: an unknown null_count is counted", "[data]") {
  RawTable table;
  fill(table);
  table.child(0).null_count = -1;

  const Batch batch = table.batch();

  CHECK(batch.column(0).null_count() == 1);
  CHECK(values_of(batch, 0) == Values{"1.5", std::nullopt, "3"});
}

TEST_CASE("import: an empty batch may have NULL buffers", "[data]") {
  RawTable table;
  fill(table);
  table.window(0, 0);
  for (size_t i = 0; i < 2; ++i) {
    table.child(i).length = 0;
    table.child(i).null_count = 0;
    std::fill(table.column(i).buffers.begin(), table.column(i).buffers.end(), nullptr);
  }

  const Batch batch = table.batch();

  CHECK(batch.row_count() == 0);
  CHECK(batch.byte_size() == 0);
  CHECK(batch.slice(0, 0).row_count() == 0);
}

TEST_CASE("import: a batch without columns keeps its number of rows", "[data]") {
  RawTable table;
  table.window(0, 5);

  CHECK(table.batch().row_count() == 5);
}

TEST_CASE("import: text of no bytes may have a NULL data buffer", "[data]") {
  RawTable table;
  table.add(field("t", Type::kUtf8), {"", ""});
  table.column(0).buffers[2] = nullptr;

  CHECK(values_of(table.batch(), 0) == Values{"", ""});
}

TEST_CASE("import: a number of columns other than the schema's is refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.array()->n_children = 1; }) ==
        "the batch has 1 columns, its schema has 2");
  CHECK(refusal_of([](RawTable& t) { t.array()->n_children = -3; }) ==
        "the batch has -3 columns, its schema has 2");
  CHECK(refusal_of([](RawTable& t) { t.array()->children = nullptr; }) ==
        "the batch's list of columns is NULL");
}

TEST_CASE("import: a struct array that is none is refused", "[data]") {
  const std::string message = "the batch is not a struct array (one buffer, no dictionary)";
  CHECK(refusal_of([](RawTable& t) { t.array()->n_buffers = 2; }) == message);
  CHECK(refusal_of([](RawTable& t) { t.array()->buffers = nullptr; }) == message);
}

TEST_CASE("import: a released batch is refused and not released again", "[data]") {
  ArrowArray array{};

  const Result<Batch> batch = Batch::import(&array, std::make_shared<const Schema>());

  CHECK(batch.status().message() == "the batch is released or was never filled");
}

TEST_CASE("import: garbage lengths and offsets of the batch are refused", "[data]") {
  for (const int64_t garbage : {int64_t{-1}, INT64_MIN, INT64_MAX, int64_t{1} << 40}) {
    CHECK(refusal_of([&](RawTable& t) {
            t.array()->length = garbage;
          }).starts_with("the batch has impossible length"));
    CHECK(refusal_of([&](RawTable& t) {
            t.array()->offset = garbage;
          }).starts_with("the batch has impossible length"));
  }
}

TEST_CASE("import: garbage lengths and offsets of a column are refused by its name", "[data]") {
  for (const int64_t garbage : {int64_t{-1}, INT64_MIN, INT64_MAX, int64_t{1} << 40}) {
    CHECK(refusal_of([&](RawTable& t) {
            t.child(0).length = garbage;
          }).starts_with("column \"spend\": impossible length"));
    CHECK(refusal_of([&](RawTable& t) {
            t.child(1).offset = garbage;
          }).starts_with("column \"name\": impossible length"));
  }
  // One row more than a batch can have.
  CHECK(refusal_of([](RawTable& t) {
          t.child(0).offset = INT32_MAX - 2;
        }).starts_with("column \"spend\": impossible length 3 and offset 2147483645"));
}

TEST_CASE("import: a column shorter than the batch is refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.child(1).length = 2; }) ==
        "column \"name\": it has 2 rows, the batch needs 3");
  CHECK(refusal_of([](RawTable& t) { t.window(1, 3); }) ==
        "column \"spend\": it has 3 rows, the batch needs 4");
}

TEST_CASE("import: more rows than were asked for are refused before a buffer is read", "[data]") {
  RawTable table;
  fill(table);
  table.column(1).buffers[1] = nullptr;
  ImportOptions options;
  options.max_rows = 2;

  CHECK(refusal(table, options) == "the batch has 3 rows, at most 2 were asked for");
}

TEST_CASE("import: a wrong number of buffers is refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.child(1).n_buffers = 2; }) ==
        "column \"name\": it has 2 buffers, its type has 3");
  CHECK(refusal_of([](RawTable& t) { t.child(0).n_buffers = INT64_MAX; }) ==
        "column \"spend\": it has 9223372036854775807 buffers, its type has 2");
  CHECK(refusal_of([](RawTable& t) { t.child(0).buffers = nullptr; }) ==
        "column \"spend\": it has 0 buffers, its type has 2");
}

TEST_CASE("import: NULL and misaligned buffers are refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.column(0).buffers[1] = nullptr; }) ==
        "column \"spend\": its data buffer is NULL");
  CHECK(refusal_of([](RawTable& t) { t.column(1).buffers[1] = nullptr; }) ==
        "column \"name\": its offsets buffer is NULL");
  CHECK(refusal_of([](RawTable& t) { t.column(1).buffers[2] = nullptr; }) ==
        "column \"name\": its data buffer is NULL");
  CHECK(refusal_of([](RawTable& t) { t.column(0).buffers[1] = t.column(0).values.data() + 1; }) ==
        "column \"spend\": its data buffer is not aligned to 8 bytes");
  CHECK(refusal_of([](RawTable& t) { t.column(1).buffers[1] = t.column(1).values.data() + 2; }) ==
        "column \"name\": its offsets buffer is not aligned to 4 bytes");
}

TEST_CASE("import: missing, released and nested children are refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.children()[1] = nullptr; }) ==
        "column \"name\": the child array is NULL");
  CHECK(refusal_of([](RawTable& t) { t.child(1).release = nullptr; }) ==
        "column \"name\": the child array is released or was never filled");
  CHECK(refusal_of([](RawTable& t) { t.child(1).n_children = 1; }) ==
        "column \"name\": it has children or a dictionary, its type has none");
  CHECK(refusal_of([](RawTable& t) { t.child(1).dictionary = &t.child(0); }) ==
        "column \"name\": it has children or a dictionary, its type has none");
}

TEST_CASE("import: text offsets that descend or are negative are refused", "[data]") {
  const auto with_offset = [](size_t entry, int32_t value) {
    return refusal_of([&](RawTable& t) {
      std::memcpy(t.column(1).values.data() + entry * 4, &value, sizeof value);
    });
  };
  CHECK(with_offset(0, -5) == "column \"name\": its first text offset is -5");
  CHECK(with_offset(1, 9) == "column \"name\": its text offsets go down from 9 to 4 at row 1");
  CHECK(with_offset(3, 0) == "column \"name\": its text offsets go down from 4 to 0 at row 2");
  CHECK(with_offset(3, INT32_MIN) ==
        "column \"name\": its text offsets go down from 4 to -2147483648 at row 2");
}

TEST_CASE("import: a null_count out of range or against the bitmap is refused", "[data]") {
  CHECK(refusal_of([](RawTable& t) { t.child(0).null_count = 4; }) ==
        "column \"spend\": its null_count is 4 at length 3");
  CHECK(refusal_of([](RawTable& t) { t.child(0).null_count = -2; }) ==
        "column \"spend\": its null_count is -2 at length 3");
  CHECK(refusal_of([](RawTable& t) { t.child(0).null_count = 0; }) ==
        "column \"spend\": its null_count is 0 but its bitmap has 1 nulls");
  CHECK(refusal_of([](RawTable& t) { t.child(0).null_count = 2; }) ==
        "column \"spend\": its null_count is 2 but its bitmap has 1 nulls");
  CHECK(refusal_of([](RawTable& t) { t.child(1).null_count = 1; }) ==
        "column \"name\": its null_count is 1 but it has no validity bitmap");
}

TEST_CASE("import: nulls of the whole batch are refused", "[data]") {
  const std::string message = "whole rows of the batch are null; nulls belong into columns";
  CHECK(refusal_of([](RawTable& t) { t.array()->null_count = 1; }) == message);
  CHECK(refusal_of([](RawTable& t) { t.array()->buffers[0] = t.column(0).validity.data(); }) ==
        message);
}

TEST_CASE("import: a null in a column declared without is refused, or left to check_nulls",
          "[data]") {
  RawTable strict;
  strict.add(field("spend", Type::kFloat64, false), {"1", std::nullopt});
  CHECK(refusal(strict) == "column \"spend\": it has 1 nulls but is declared without");

  RawTable lenient;
  lenient.add(field("spend", Type::kFloat64, false), {"1", std::nullopt});
  ImportOptions options;
  options.check_nulls = false;
  const Result<Batch> batch = lenient.import(options);
  REQUIRE(batch.ok());
  CHECK(check_nulls(*batch).code() == Code::kPlugin);
  CHECK(check_nulls(batch->slice(0, 1)).ok());
}
