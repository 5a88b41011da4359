#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::sqlite {

TEST_CASE("sqlite: insert makes the table in the stream's order and adds rows chunk by chunk",
          "[sqlite]") {
  const Folder folder;
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "people"}});
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, nullptr}}).get()).message == "");
  REQUIRE(sink.chunk(1, people_rows({{3, ""}}).get(), true).message == "");
  REQUIRE(sink.finish().code == CM_OK);

  Database look(folder.file("a.db"));
  CHECK(look.rows("select * from people order by id") == "1|Ada\n2|(null)\n3|\n");
  CHECK(look.rows("select name, type, \"notnull\", pk from pragma_table_info('people')") ==
        "id|INTEGER|1|0\nname|TEXT|0|0\n");
  CHECK(look.rows("select split, position, next_chunk, rows_in, done from chunkmill_split") ==
        "s|at 2|2|3|1\n");
  CHECK(look.rows("select job, run, state from chunkmill_run") == "job|run-1|finished\n");
}

}  // namespace chunkmill::sqlite
