#include "framework/data/batch.hpp"

#include <catch2/catch.hpp>

#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

namespace {

// Twenty rows with a null in every third, so that nulls lie on both sides of byte boundaries.
Values thirds(const std::string& prefix) {
  Values values;
  for (int i = 0; i < 20; ++i) {
    if (i % 3 == 2) {
      values.push_back(std::nullopt);
    } else {
      values.push_back(prefix + std::to_string(i));
    }
  }
  return values;
}

Values part(const Values& values, size_t first, size_t count) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

TEST_CASE("batch: a slice of a slice sees the right rows and nulls", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt32), thirds(""), 5);
  table.add(field("t", Type::kUtf8), thirds("row "), 2);

  const Batch inner = table.batch().slice(3, 14).slice(4, 7);

  CHECK(inner.row_count() == 7);
  CHECK(values_of(inner, 0) == part(thirds(""), 7, 7));
  CHECK(values_of(inner, 1) == part(thirds("row "), 7, 7));
  CHECK(inner.column(0).null_count() == 2);
}

TEST_CASE("batch: a slice shares memory and keeps it alive", "[data]") {
  RawTable table;
  table.add(field("t", Type::kUtf8), {"a", "b", "c"});
  const auto releases = table.releases();
  std::optional<Batch> whole = table.batch();

  const Batch tail = whole->slice(1, 2);

  CHECK(tail.column(0).abi().buffers == whole->column(0).abi().buffers);
  whole.reset();
  CHECK(*releases == 0);
  CHECK(values_of(tail, 0) == Values{"b", "c"});
}

TEST_CASE("batch: empty slices are legal at both ends", "[data]") {
  const Batch batch = one_column(field("t", Type::kUtf8), {"a", std::nullopt});

  CHECK(batch.slice(0, 0).row_count() == 0);
  CHECK(batch.slice(2, 0).row_count() == 0);
  CHECK(batch.slice(2, 0).byte_size() == 0);
}

TEST_CASE("batch: the abi view is one struct array for all copies, alive and harmless", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), {"1", "2", "3"}, 4);
  table.window(1, 2);
  const Batch batch = table.batch();
  const Batch copy = batch;

  const ArrowArray* view = batch.abi();

  CHECK(view == copy.abi());
  CHECK(view->length == 2);
  CHECK(view->offset == 0);
  CHECK(view->n_buffers == 1);
  REQUIRE(view->n_children == 1);
  CHECK(view->children[0]->offset == 5);
  CHECK(view->children[0]->length == 2);
  REQUIRE(view->release != nullptr);
  REQUIRE(view->children[0]->release != nullptr);
  view->children[0]->release(view->children[0]);
  view->release(const_cast<ArrowArray*>(view));
  CHECK(values_of(batch, 0) == Values{"2", "3"});
}

TEST_CASE("batch: what one batch shows can be imported again as it stands", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), thirds(""), 3).add(field("t", Type::kUtf8), thirds("x"), 1);
  const Batch batch = table.batch().slice(5, 9);
  ArrowArray shown = *batch.abi();

  const Result<Batch> again = Batch::import(&shown, batch.shared_schema());

  REQUIRE(again.ok());
  CHECK(values_of(*again, 1) == values_of(batch, 1));
}

TEST_CASE("batch: appended columns come after, one of the same name replaces", "[data]") {
  RawTable left;
  left.add(field("id", Type::kInt64), {"1", "2"}).add(field("amount", Type::kInt32), {"3", "4"});
  RawTable right;
  right.add(field("amount", Type::kFloat64), {"0.5", std::nullopt});
  right.add(field("unit", Type::kUtf8), {"kg", "t"});
  const Batch a = left.batch();
  const Batch b = right.batch();

  const Batch both = append_columns(a, b);

  CHECK(both.schema().names() == std::vector<std::string>{"id", "amount", "unit"});
  CHECK(both.schema()[1].type == Type::kFloat64);
  CHECK(values_of(both, 1) == Values{"0.5", std::nullopt});
  CHECK(values_of(both, 2) == Values{"kg", "t"});
  CHECK(both.column(0).abi().buffers == a.column(0).abi().buffers);
  CHECK(both.column(2).abi().buffers == b.column(1).abi().buffers);
}

TEST_CASE("batch: appended columns keep both batches' memory alive", "[data]") {
  RawTable left;
  left.add(field("id", Type::kInt64), {"1"});
  RawTable right;
  right.add(field("name", Type::kUtf8), {"x"});
  const auto left_releases = left.releases();
  const auto right_releases = right.releases();
  {
    const Batch both = append_columns(left.batch(), right.batch());
    CHECK(*left_releases + *right_releases == 0);
    CHECK(values_of(both, 1) == Values{"x"});
  }

  CHECK(*left_releases == 1);
  CHECK(*right_releases == 1);
}

TEST_CASE("batch: byte_size counts what its rows refer to", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), {"1", std::nullopt, "3", "4"});    // 1 + 32
  table.add(field("t", Type::kUtf8), {"aaaa", "bb", "", "c"}, 3);        // 20 + 7
  table.add(field("b", Type::kBool), {"true", "true", "true", "true"});  // 1
  const Batch batch = table.batch();

  CHECK(batch.byte_size() == 61);
  CHECK(batch.slice(1, 2).byte_size() == 1 + 16 + 12 + 2 + 1);
  CHECK(Batch().byte_size() == 0);
}

TEST_CASE("batch: the default one has no rows and no columns", "[data]") {
  const Batch batch;

  CHECK(batch.row_count() == 0);
  CHECK(batch.schema().size() == 0);
  CHECK(batch.abi()->n_children == 0);
}
