#include "framework/plugin/folders.hpp"

#include <catch2/catch.hpp>

#include "temp_folder.hpp"

namespace chunkmill::host::test {
namespace {
namespace fs = std::filesystem;

TEST_CASE("folders: type names are lower-case words with dots, and lead nowhere else", "[plugin]") {
  CHECK(is_type_name("csv"));
  CHECK(is_type_name("scope3.purchased_goods"));
  CHECK(is_type_name(std::string(63, 'a')));

  for (const char* name : {"", ".", "a..b", "../a", "a/b", "A", "a-b", ".a", "a.", "a b", "ä"}) {
    CHECK_FALSE(is_type_name(name));
  }
  CHECK_FALSE(is_type_name(std::string(64, 'a')));
  CHECK_FALSE(is_type_name(std::string_view("a\0b", 3)));
}

TEST_CASE("folders: a plugin is found in the first folder that has it", "[plugin]") {
  const TempFolder first;
  const TempFolder second;
  second.write("source.csv.so", "2");
  const PluginFolders folders({first.path(), second.path()});
  CHECK(folders.find(Kind::kSource, "csv").take() ==
        fs::canonical(second.path()) / "source.csv.so");

  first.write("source.csv.so", "1");

  CHECK(folders.find(Kind::kSource, "csv").take() == fs::canonical(first.path()) / "source.csv.so");
  CHECK(folders.find(Kind::kSink, "csv").status().code() == Code::kNotFound);
}

TEST_CASE("folders: the listing has files named like plugins, each name once", "[plugin]") {
  const TempFolder first;
  const TempFolder second;
  first.write("source.csv.so", "");
  second.write("source.csv.so", "");
  second.write("calculator.scope3.purchased_goods.so", "");
  for (const char* other : {"readme.txt", "libcsv.so", "source..so", "source.so", "engine.csv.so",
                            "source.CSV.so", "source.csv.so.1"}) {
    second.write(other, "");
  }

  const auto files = PluginFolders({first.path(), second.path(), "/nonexistent"}).files();

  REQUIRE(files.size() == 2);
  CHECK(files[0].path == first.path() / "source.csv.so");
  CHECK(files[1].name == "scope3.purchased_goods");
  CHECK(files[1].kind == Kind::kCalculator);
  CHECK(files[1].fault.ok());
}

TEST_CASE("folders: a link inside the folder is followed, one out of it is not", "[plugin]") {
  const TempFolder folder;
  const TempFolder other;
  folder.write("libcsv.so.1", "");
  fs::create_symlink("libcsv.so.1", folder.path() / "source.csv.so");
  fs::create_symlink(other.write("x.so", ""), folder.path() / "source.jsonl.so");
  const PluginFolders folders({folder.path()});

  CHECK(folders.find(Kind::kSource, "csv").ok());
  const Status status = folders.find(Kind::kSource, "jsonl").status();
  CHECK(status.code() == Code::kPlugin);
  CHECK_THAT(status.message(), Catch::Contains("out of the plugin folder"));
}

TEST_CASE("folders: --plugin-dir comes first, then the environment", "[plugin]") {
  setenv("CHUNKMILL_PLUGIN_PATH", "/from/environment::/second", 1);

  const PluginFolders folders = PluginFolders::standard({"/given"});
  unsetenv("CHUNKMILL_PLUGIN_PATH");

  REQUIRE(folders.folders().size() >= 3);
  CHECK(folders.folders()[0] == "/given");
  CHECK(folders.folders()[1] == "/from/environment");
  CHECK(folders.folders()[2] == "/second");
}

}  // namespace
}  // namespace chunkmill::host::test
