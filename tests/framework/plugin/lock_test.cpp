#include "framework/plugin/lock.hpp"

#include <catch2/catch.hpp>

#include "framework/plugin/sha256.hpp"
#include "temp_folder.hpp"

namespace chunkmill::host::test {
namespace {

const std::string kSum(64, 'a');

TEST_CASE("sha256: the test vectors of FIPS 180-4", "[plugin]") {
  const auto sum = [](std::string_view text) {
    Sha256 sha;
    sha.update(text);
    return sha.finish();
  };

  CHECK(sum("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sum("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sum(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("lock: what is written is read back", "[plugin]") {
  const TempFolder folder;
  const auto file = folder.path() / "plugins.lock";

  REQUIRE(PluginLock({{Kind::kSource, "csv", "1.0.0", kSum}}).write(file).ok());
  const auto lock = PluginLock::read(file);

  REQUIRE(lock.ok());
  REQUIRE(lock->plugins().size() == 1);
  CHECK(lock->plugins()[0].kind == Kind::kSource);
  CHECK(lock->plugins()[0].name == "csv");
  CHECK(lock->plugins()[0].version == "1.0.0");
  CHECK(lock->plugins()[0].sha256 == kSum);
}

TEST_CASE("lock: a line that is none is named with its number", "[plugin]") {
  const TempFolder folder;
  const std::string line = GENERATE("engine csv 1 " + kSum, "source csv 1", "source csv 1 abc",
                                    "source ../csv 1 " + kSum, "source csv 1 " + kSum + " more",
                                    "source good 1 " + kSum);
  const auto file = folder.write("plugins.lock", "# comment\nsource good 1 " + kSum + "\n" + line);

  const Status status = PluginLock::read(file).status();

  CHECK(status.code() == Code::kUsage);
  CHECK_THAT(status.message(), Catch::Contains("plugins.lock:3: "));
}

TEST_CASE("lock: verify says what differs", "[plugin]") {
  const TempFolder folder;
  const auto file = folder.write("source.csv.so", "abc");
  const PluginLock lock({{Kind::kSource, "csv", "1.0.0",
                          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}});

  CHECK(lock.verify(Kind::kSource, "csv", "1.0.0", file).ok());
  CHECK_THAT(lock.verify(Kind::kSource, "csv", "1.0.1", file).message(),
             Catch::Contains("pins version 1.0.0, the file is 1.0.1"));
  CHECK_THAT(lock.verify(Kind::kSink, "csv", "1.0.0", file).message(),
             Catch::Contains("does not list the sink \"csv\""));
  folder.write("source.csv.so", "abd");
  CHECK_THAT(lock.verify(Kind::kSource, "csv", "1.0.0", file).message(),
             Catch::Contains("pins SHA-256"));
}

}  // namespace
}  // namespace chunkmill::host::test
