#include "framework/data/stream.hpp"

#include <catch2/catch.hpp>

#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

TEST_CASE("export_stream: gives the schema and each batch once, then its end", "[data]") {
  const Batch batch = one_column(field("t", Type::kUtf8), {"a", std::nullopt, "c"}, 2);
  UniqueStream stream = export_stream(batch.schema(), {batch.slice(0, 2), batch.slice(2, 1)});

  UniqueSchema raw_schema;
  REQUIRE(stream->get_schema(stream.get(), raw_schema.get()) == 0);
  Schema schema;
  std::string why;
  REQUIRE(Schema::import(*raw_schema.get(), &schema, &why));
  CHECK(schema == batch.schema());

  std::vector<Values> seen;
  while (true) {
    UniqueArray array;
    REQUIRE(stream->get_next(stream.get(), array.get()) == 0);
    if (!array) break;
    const Result<Batch> next = Batch::import(array.get(), batch.shared_schema());
    REQUIRE(next.ok());
    seen.push_back(values_of(*next, 0));
  }
  CHECK(seen == std::vector<Values>{{"a", std::nullopt}, {"c"}});
}

TEST_CASE("export_batch: the receiver may keep it, and single columns, after all else is gone",
          "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), {"1", "2"}).add(field("t", Type::kUtf8), {"x", "y"});
  const auto releases = table.releases();
  UniqueArray column;
  {
    UniqueArray array;
    export_batch(table.batch(), array.get());
    CHECK(*releases == 0);
    column = UniqueArray(array->children[1]);
  }

  CHECK(*releases == 0);
  CHECK(static_cast<const char*>(column->buffers[2])[1] == 'y');
  column.reset();
  CHECK(*releases == 1);
}

TEST_CASE("export_stream: released early, it lets all of its batches go", "[data]") {
  RawTable table;
  table.add(field("n", Type::kInt64), {"1"});
  const auto releases = table.releases();
  {
    const Batch batch = table.batch();
    const UniqueStream stream = export_stream(batch.schema(), {batch, batch});
  }

  CHECK(*releases == 1);
}
