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

TEST_CASE("export_stream: pulls a batch when it is asked for one, and no sooner", "[data]") {
  const Batch batch = one_column(field("t", Type::kUtf8), {"a", "b"}, 2);
  int asked = 0;
  UniqueStream stream = export_stream(batch.schema(), [&]() -> Result<std::optional<Batch>> {
    if (++asked > 2) return std::optional<Batch>();
    return std::optional<Batch>(batch);
  });

  UniqueArray array;
  CHECK(asked == 0);
  REQUIRE(stream->get_next(stream.get(), array.get()) == 0);
  CHECK(asked == 1);
  CHECK(array->length == 2);
  array.reset();
  REQUIRE(stream->get_next(stream.get(), array.get()) == 0);
  array.reset();
  REQUIRE(stream->get_next(stream.get(), array.get()) == 0);
  CHECK_FALSE(array);
  REQUIRE(stream->get_next(stream.get(), array.get()) == 0);
  CHECK_FALSE(array);
  CHECK(asked == 3);  // after the end nobody is asked again
}

TEST_CASE("export_stream: a failure of what it pulls from has its kind and its words, and stays",
          "[data]") {
  const auto failing = [](Status status) {
    return export_stream(Schema(), [status]() -> Result<std::optional<Batch>> { return status; });
  };
  PluginFacts retryable;
  retryable.retryable = true;
  UniqueStream job = failing(Status(Code::kJob, "row 7 is bad"));
  UniqueStream later = failing(Status(Code::kState, "lost", retryable));
  UniqueStream broken = failing(Status(Code::kPlugin, "broken"));

  UniqueArray array;
  CHECK(job->get_next(job.get(), array.get()) == EINVAL);
  CHECK(std::string(job->get_last_error(job.get())) == "row 7 is bad");
  CHECK(job->get_next(job.get(), array.get()) == EINVAL);
  CHECK_FALSE(array);
  CHECK(later->get_next(later.get(), array.get()) == EAGAIN);
  CHECK(broken->get_next(broken.get(), array.get()) == EIO);
}
