#include "plugins/sinks/files/files_sink.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "chunkmill/testing.hpp"
#include "tests/plugins/csv_sink/plugin_rig.hpp"

using chunkmill::files_sink::fault_of_name;
using chunkmill::files_sink::FilesSink;
namespace rig = chunkmill::rig;
using chunkmill::testing::Map;
using chunkmill::testing::Rows;
using chunkmill::testing::sink_api;
using chunkmill::testing::SinkRun;
using Names = std::vector<std::string>;

namespace {

Names names_in(const std::string& folder) {
  Names out;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("files sink: each row becomes a file, in a folder that is made for them",
          "[files_sink]") {
  const rig::Folder folder;
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path("out")}});
  const Rows rows("name,content; a.html,<p>1</p>; b.txt,null");
  run.start(rows.schema()).expect_ok();

  run.chunk(0, rows).expect_ok();

  CHECK(names_in(folder.path("out")) == Names{"a.html", "b.txt"});
  CHECK(folder.read("out/a.html") == "<p>1</p>");
  CHECK(folder.read("out/b.txt").empty());
}

TEST_CASE("files sink: a chunk that comes again gives the same files", "[files_sink]") {
  const rig::Folder folder;
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path()}});
  const Rows rows("name,content; a,first; a,second");
  run.start(rows.schema()).expect_ok();

  run.chunk(0, rows).expect_ok();
  run.chunk(0, rows).expect_ok();

  CHECK(names_in(folder.path()) == Names{"a"});
  CHECK(folder.read("a") == "second");
}

TEST_CASE("files sink: a chunk that is given up leaves nothing, and the old file as it was",
          "[files_sink]") {
  const rig::Folder folder;
  folder.write("a", "old");
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path()}});
  const Rows rows("name,content; a,new; b,new");
  run.start(rows.schema()).expect_ok();

  run.begin({}).expect_ok();
  run.write(rows.abi()).expect_ok();
  CHECK(folder.read("a") == "old");
  run.abort();

  CHECK(names_in(folder.path()) == Names{"a"});
  CHECK(folder.read("a") == "old");
}

TEST_CASE("files sink: a name that leads out of the folder is a reject", "[files_sink]") {
  const rig::Folder folder;
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path("out")}});
  const Rows rows("name,content; ../x,1; /etc/x,1; good,2; ..,1; null,1; .hidden,1");
  run.start(rows.schema()).expect_ok();

  run.begin({}).expect_ok();
  CHECK(run.write(rows.abi()).code == CM_DATA);
  REQUIRE(run.bad_rows.size() == 5);
  CHECK(run.bad_rows[0].code == "bad_file_name");
  CHECK(run.bad_rows[0].column == "name");
  CHECK(run.bad_rows[0].row == 0);
  CHECK(run.bad_rows[2].row == 3);
  run.commit().expect_ok();

  CHECK(names_in(folder.path("out")) == Names{"good"});
  CHECK(names_in(folder.path()) == Names{"out"});
}

TEST_CASE("files sink: rows without a name can be left out", "[files_sink]") {
  const rig::Folder folder;
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path()}, {"nameless", "skip"}});
  const Rows rows("name,content; null,1; b,2");
  run.start(rows.schema()).expect_ok();

  run.chunk(0, rows).expect_ok();

  CHECK(names_in(folder.path()) == Names{"b"});
}

TEST_CASE("files sink: names are one step of a path", "[files_sink]") {
  CHECK(fault_of_name("page-1.html") == nullptr);
  CHECK(fault_of_name("S\u00f6hne & Co.html") == nullptr);
  for (const std::string_view name : {"", ".", "..", "a/b", "a\\b", ".x", "a\nb"})
    CHECK(fault_of_name(name) != nullptr);
  CHECK(fault_of_name(std::string(201, 'x')) != nullptr);
}

TEST_CASE("files sink: columns that are missing or of another type are faults of the job",
          "[files_sink]") {
  const rig::Folder folder;
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path()}, {"content", "html"}});

  const auto missing = run.bind({{"main", Rows("name,htm; a,b").schema()}});
  CHECK(missing.where == "content");
  CHECK(missing.says("did you mean \"htm\"?"));
  CHECK(run.bind({{"main", Rows("name:int32,html; 1,b").schema()}}).where == "name");
  CHECK(run.bind({{"main", Rows("name,html:float; a,1").schema()}}).where == "content");
}

TEST_CASE("files sink: what stands where the folder should be is named", "[files_sink]") {
  const rig::Folder folder;
  folder.write("out", "a file");
  SinkRun run(sink_api<FilesSink>(), {{"folder", folder.path("out")}});
  run.bind({{"main", Rows("name,content; a,b").schema()}}).expect_ok();

  CHECK(run.check().where == "folder");
}
