// Plugin files that mean harm, or are broken: the host names them and goes on.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "framework/plugin/calculator.hpp"
#include "framework/plugin/source.hpp"
#include "support.hpp"

namespace chunkmill::host::test {
namespace {
namespace fs = std::filesystem;

Status load_hostile(std::string_view name) {
  Registry registry(PluginFolders({hostile_folder()}),
                    {.time_limit = std::chrono::milliseconds(300)});
  return registry.load(Kind::kCalculator, name).status();
}

void check_refused(const Status& status, const std::string& file, const std::string& why) {
  INFO(status.message());
  CHECK(status.code() == Code::kPlugin);
  CHECK_THAT(status.message(), Catch::Contains(file) && Catch::Contains(why));
}

// A folder of files made by hand, each called calculator.NAME.so.
class Folder {
 public:
  Folder() {
    std::string path = fs::temp_directory_path() / "chunkmill-abi-XXXXXX";
    path_ = mkdtemp(path.data());
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path file(const std::string& name) const { return path_ / ("calculator." + name + ".so"); }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
  }
  Status load(const std::string& name) const {
    return registry_of(path_).load(Kind::kCalculator, name).status();
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string good_module() { return bytes_of(good_folder() / "calculator.plain_c.so"); }

TEST_CASE(
    "registry: a plugin that does not survive its static initialisers is a fault with its file's "
    "name",
    "[abi]") {
  const std::string name = GENERATE("throws_at_start", "exits_at_start", "quits_at_start",
                                    "aborts_at_start", "segfaults_at_start");

  check_refused(load_hostile(name), "calculator." + name + ".so", "");
}

TEST_CASE("registry: a plugin that hangs in a static initialiser is given up after the time limit",
          "[abi]") {
  const std::string name = GENERATE("hangs_at_start", "forks_at_start");

  check_refused(load_hostile(name), "calculator." + name + ".so",
                "did not come back within 300 ms");
}

TEST_CASE("registry: what a plugin printed before it crashed is in the message", "[abi]") {
  check_refused(load_hostile("aborts_at_start"), "aborts_at_start", "licence server not found");
}

TEST_CASE("registry: modules that do not fit this host are refused with the reason", "[abi]") {
  const auto [name, why] = GENERATE(table<const char*, const char*>({
      {"missing_symbol", "a_function_that_nobody_wrote"},
      {"other_major", "built for plugin ABI 2, this host speaks 1"},
      {"newer_minor", "needs a host with plugin ABI 1.99 or newer, this host has 1.0"},
      {"two_names", "second_name"},
      {"other_file_name", "it is the calculator \"its_own_name\""},
      {"no_functions", "lacks destroy, process"},
      {"no_table", "no function table"},
      {"no_section", "no chunkmill plugin"},
      {"no_symbol", "chunkmill_module_v1"},
  }));

  check_refused(load_hostile(name), std::string("calculator.") + name + ".so", why);
}

TEST_CASE("registry: listing a folder of hostile modules names every one of them", "[abi]") {
  const Registry registry(PluginFolders({hostile_folder()}),
                          {.time_limit = std::chrono::milliseconds(300)});

  const std::vector<Listing> listings = registry.list();

  size_t sound = 0;
  for (const Listing& listing : listings) {
    INFO(listing.path << ": " << listing.fault.message());
    sound += listing.fault.ok() ? 1 : 0;
    if (!listing.fault.ok()) {
      CHECK_THAT(listing.fault.message(), Catch::Contains(listing.path.filename().string()));
    }
  }
  // These three do their harm later.
  CHECK(sound == 3);
  CHECK(listings.size() > 15);
}

TEST_CASE("registry: files that are no plugin are refused, whatever they are", "[abi]") {
  const Folder folder;
  folder.write("empty", "");
  folder.write("text", "this is not a library\n");
  folder.write("magic_only",
               "\x7f"
               "ELF");
  REQUIRE(mkfifo(folder.file("fifo").c_str(), 0600) == 0);
  fs::create_directory(folder.file("directory"));
  fs::create_symlink("/usr/lib/nothing.so", folder.file("dangling"));
  std::string other = good_module();
  other[18] = '\x08';  // e_machine: MIPS
  folder.write("other_machine", other);
  std::string other_class = good_module();
  other_class[4] = '\x01';  // EI_CLASS: 32 bits
  folder.write("other_class", other_class);

  const auto [name, why] = GENERATE(table<const char*, const char*>({
      {"empty", "empty"},
      {"text", "not an ELF shared library"},
      {"magic_only", "cut short"},
      {"fifo", "not a regular file"},
      {"directory", "not a regular file"},
      {"dangling", "No such file"},
      {"other_machine", "another machine"},
      {"other_class", "another machine"},
  }));
  check_refused(folder.load(name), std::string("calculator.") + name + ".so", why);
}

TEST_CASE("registry: a plugin cut off at any place is refused and nothing of it runs", "[abi]") {
  const Folder folder;
  const std::string whole = good_module();

  for (size_t size = 1; size < whole.size(); size += 97) {
    folder.write("plain_c", whole.substr(0, size));
    const Status status = read_identity(folder.file("plain_c")).status();
    INFO("cut at " << size << " of " << whole.size() << ": " << status.message());
    REQUIRE(status.code() == Code::kPlugin);
  }
}

TEST_CASE("identity: section tables with random damage are read without harm", "[abi]") {
  const Folder folder;
  const std::string whole = good_module();
  uint32_t random = 1;
  const auto next = [&random] { return random = random * 1664525 + 1013904223; };

  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole;
    // The header, and the section table, which linkers put last.
    for (int i = 0; i < 4; ++i) {
      damaged[16 + (next() >> 8) % 48] = static_cast<char>(next() >> 16);
      damaged[damaged.size() - 1 - (next() >> 8) % 2000] = static_cast<char>(next() >> 16);
    }
    folder.write("plain_c", damaged);
    const auto identity = read_identity(folder.file("plain_c"));
    if (identity.ok()) CHECK(identity->name == "plain_c");
  }
}

TEST_CASE("folders: a link out of the plugin folder is refused", "[abi]") {
  const Folder folder;
  fs::create_symlink(good_folder() / "calculator.plain_c.so", folder.file("plain_c"));

  check_refused(folder.load("plain_c"), "calculator.plain_c.so", "out of the plugin folder");
}

TEST_CASE("folders: a plugin that others could have written is refused with the chmod that helps",
          "[abi]") {
  const Folder folder;
  folder.write("plain_c", good_module());
  REQUIRE(folder.load("plain_c").ok());

  SECTION("through its folder") {
    chmod(folder.path().c_str(), 0777);
    check_refused(folder.load("plain_c"), "calculator.plain_c.so",
                  "chmod go-w '" + folder.path().string() + "'");
  }
  SECTION("itself") {
    chmod(folder.file("plain_c").c_str(), 0775);
    check_refused(folder.load("plain_c"), "calculator.plain_c.so",
                  "chmod go-w '" + folder.file("plain_c").string() + "'");
  }
}

TEST_CASE("calculator: an exception out of any callback is a fault of the plugin", "[abi]") {
  Registry registry = registry_of(hostile_folder());
  const auto module = registry.load(Kind::kCalculator, "throws_everywhere");
  REQUIRE(module.ok());
  RecordingHost services;
  const HostTable host(services);

  const auto check_threw = [](const Status& status, const std::string& call) {
    INFO(status.message());
    CHECK(status.code() == Code::kPlugin);
    CHECK_THAT(status.message(), Catch::Contains("calculator \"throws_everywhere\" 1") &&
                                     Catch::Contains(call + "() threw across the ABI"));
  };
  check_threw(Calculator::create(**module, host.abi(), OptionMap().abi()).status(), "create");

  const OptionMap options{{"come", true}};
  auto calculator = Calculator::create(**module, host.abi(), options.abi());
  REQUIRE(calculator.ok());
  check_threw(calculator->needs(Schema()).status(), "needs");
  check_threw(calculator->bind(Schema()).status(), "bind");
  REQUIRE(calculator->bind(Schema()).ok());
  auto lane = calculator->open();
  REQUIRE(lane.ok());
  Emitted emitted;
  const cm_chunk chunk{};
  check_threw(lane->process(chunk, Batch(), emitted), "process");
  check_threw(lane->flush(chunk, emitted), "flush");
  // close() and destroy() throw as well, when lane and calculator go.
}

TEST_CASE("source: garbage in place of a batch is a fault of the plugin", "[abi]") {
  const int64_t garbage = GENERATE(1, 2, 3, 4, 5, 6, 7, 9, 10, 11);
  Registry registry = registry_of(hostile_folder());
  const auto module = registry.load(Kind::kSource, "garbage_lengths");
  REQUIRE(module.ok());
  RecordingHost services;
  const HostTable host(services);
  const OptionMap options{{"garbage", garbage}};
  auto source = Source::create(**module, host.abi(), options.abi());
  REQUIRE(source.ok());
  auto schema = source->schema();
  REQUIRE(schema.ok());
  REQUIRE(source->plan(1).ok());
  auto lane = source->open("only", "");
  REQUIRE(lane.ok());

  const Status status = lane->next({.max_rows = 100}, std::make_shared<Schema>(*schema)).status();

  INFO("garbage " << garbage << ": " << status.message());
  CHECK(status.code() == Code::kPlugin);
  CHECK_THAT(status.message(), Catch::Contains("source \"garbage_lengths\" 1: next()"));
  CHECK(lane->position().status().code() == Code::kPlugin);
}

TEST_CASE("source: two splits of one id are a fault of the plugin", "[abi]") {
  Registry registry = registry_of(hostile_folder());
  const auto module = registry.load(Kind::kSource, "garbage_lengths");
  REQUIRE(module.ok());
  RecordingHost services;
  const HostTable host(services);
  const OptionMap options{{"garbage", int64_t{8}}};
  auto source = Source::create(**module, host.abi(), options.abi());
  REQUIRE(source.ok());
  REQUIRE(source->schema().ok());

  CHECK_THAT(source->plan(1).status().message(), Catch::Contains("two splits the id \"only\""));
}

TEST_CASE("source: an error message without its end is cut at the field's", "[abi]") {
  Registry registry = registry_of(hostile_folder());
  const auto module = registry.load(Kind::kSource, "garbage_lengths");
  REQUIRE(module.ok());
  RecordingHost services;
  const HostTable host(services);
  const OptionMap options{{"garbage", int64_t{12}}};
  auto source = Source::create(**module, host.abi(), options.abi());
  REQUIRE(source.ok());
  REQUIRE(source->schema().ok());
  REQUIRE(source->plan(1).ok());
  auto lane = source->open("only", "");
  REQUIRE(lane.ok());

  const Status status = lane->next({.max_rows = 100}, std::make_shared<Schema>()).status();

  CHECK(status.code() == Code::kUnavailable);
  CHECK(status.message().size() < 1100);
}

}  // namespace
}  // namespace chunkmill::host::test
