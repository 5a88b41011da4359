// The two sides of the ABI fit: what plugins build with the SDK is accepted here, and what is shown
// to them reads right.
#include <catch2/catch.hpp>

#include "chunkmill/builder.hpp"
#include "framework/data/batch.hpp"
#include "raw_table.hpp"

namespace {

using chunkmill::Type;
using chunkmill::host::Batch;
using chunkmill::host::Result;
using chunkmill::host::test::field;
using chunkmill::host::test::Values;
using chunkmill::host::test::values_of;

std::shared_ptr<const chunkmill::Schema> two_columns() {
  chunkmill::Schema schema;
  schema.fields = {field("n", Type::kInt64), field("t", Type::kUtf8)};
  return std::make_shared<const chunkmill::Schema>(schema);
}

}  // namespace

TEST_CASE("import: what the SDK builds is accepted, empty batches too", "[data]") {
  chunkmill::BatchBuilder builder(*two_columns());
  builder[0].append<int64_t>(7);
  builder[1].append<std::string_view>("seven");
  builder.fill_to(2);
  ArrowArray full{};
  ArrowArray empty{};
  builder.finish(&full);
  builder.finish(&empty);

  const Result<Batch> two_rows = Batch::import(&full, two_columns());
  const Result<Batch> no_rows = Batch::import(&empty, two_columns());

  REQUIRE(two_rows.ok());
  CHECK(values_of(*two_rows, 0) == Values{"7", std::nullopt});
  CHECK(values_of(*two_rows, 1) == Values{"seven", std::nullopt});
  REQUIRE(no_rows.ok());
  CHECK(no_rows->row_count() == 0);
}
