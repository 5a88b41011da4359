// Sound plugins: found by name, loaded once, pinned by plugins.lock, exporting one name each.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "framework/plugin/elf.hpp"
#include "support.hpp"

namespace chunkmill::host::test {
namespace {
namespace fs = std::filesystem;

TEST_CASE("registry: loads a plugin once and gives its option schema", "[abi]") {
  Registry registry(PluginFolders({good_folder()}));

  const auto first = registry.load(Kind::kSource, "numbers");
  const auto second = registry.load(Kind::kSource, "numbers");

  REQUIRE(first.ok());
  CHECK(*first == *second);
  CHECK((*first)->version() == "2.1.0");
  CHECK((*first)->label() == "source \"numbers\" 2.1.0");
  CHECK_THAT(registry.option_schema(Kind::kSource, "numbers").take(), Catch::Contains("bad_every"));
}

TEST_CASE("registry: an unknown name is answered with the nearest one and the folders searched",
          "[abi]") {
  Registry registry(PluginFolders({good_folder(), "/nonexistent"}));

  const Status status = registry.load(Kind::kSource, "nubmers").status();

  CHECK(status.code() == Code::kNotFound);
  CHECK_THAT(status.message(), Catch::Contains("there is no source \"nubmers\"") &&
                                   Catch::Contains("did you mean \"numbers\"?") &&
                                   Catch::Contains(good_folder().string()) &&
                                   Catch::Contains("/nonexistent (not a folder)"));
}

TEST_CASE("registry: a name that would lead out of the folder is no type name", "[abi]") {
  Registry registry(PluginFolders({good_folder()}));

  const std::string name = GENERATE("../plugin", "/etc/passwd", "a..b", "", "Csv", ".hidden");

  CHECK(registry.load(Kind::kSource, name).status().code() == Code::kUsage);
}

TEST_CASE("registry: lists sound plugins with version and summary", "[abi]") {
  const Registry registry(PluginFolders({good_folder()}));

  const std::vector<Listing> listings = registry.list();

  REQUIRE(listings.size() == 5);
  for (const Listing& listing : listings) {
    INFO(listing.fault.message());
    CHECK(listing.fault.ok());
    CHECK_FALSE(listing.summary.empty());
  }
  CHECK(listings[0].kind == Kind::kSource);
  CHECK(listings[0].summary == "Count, for tests");
}

TEST_CASE("registry: --locked loads what the lock pins and refuses every other byte", "[abi]") {
  std::string folder_name = fs::temp_directory_path() / "chunkmill-abi-XXXXXX";
  const fs::path folder = mkdtemp(folder_name.data());
  const fs::path file = folder / "calculator.plain_c.so";
  fs::copy(good_folder() / "calculator.plain_c.so", file);
  REQUIRE(Registry(PluginFolders({folder})).write_lock(folder / "plugins.lock").ok());
  const auto locked = [&] {
    auto lock = PluginLock::read(folder / "plugins.lock");
    REQUIRE(lock.ok());
    return Registry(PluginFolders({folder, good_folder()}), {.lock = lock.take()});
  };

  CHECK(locked().load(Kind::kCalculator, "plain_c").ok());
  const Status unlisted = locked().load(Kind::kSource, "numbers").status();
  std::ofstream(file, std::ios::app | std::ios::binary) << '\0';
  const Status changed = locked().load(Kind::kCalculator, "plain_c").status();

  CHECK(unlisted.code() == Code::kPlugin);
  CHECK_THAT(unlisted.message(), Catch::Contains("does not list the source \"numbers\""));
  CHECK(changed.code() == Code::kPlugin);
  CHECK_THAT(changed.message(), Catch::Contains("pins SHA-256"));
  fs::remove_all(folder);
}

TEST_CASE("plugins: every one that was built exports exactly one name", "[abi]") {
  size_t seen = 0;
  for (const fs::path& folder : {good_folder(), fs::path(CHUNKMILL_BUILD_DIR) / "plugins"}) {
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent)) {
      if (entry.path().extension() != ".so") continue;
      INFO(entry.path());
      const auto elf = ElfFile::open(entry.path());
      REQUIRE(elf.ok());
      CHECK(elf->exported_symbols().take() == std::vector<std::string>{"chunkmill_module_v1"});
      ++seen;
    }
  }
  CHECK(seen >= 5);
}

}  // namespace
}  // namespace chunkmill::host::test
