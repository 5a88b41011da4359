// What is wrong with a job file before anybody asks what it means.
#include <catch2/catch.hpp>

#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;
using Messages = std::vector<std::string>;

TEST_CASE("job file: a duplicate key names both lines", "[job]") {
  const Loaded loaded = load(kJob + "workers: 1\nworkers: 2\n");

  CHECK(loaded.shown ==
        "job.yaml:7:1: error: duplicate key \"workers\"\n"
        "    7 | workers: *\n"
        "      | ^^^^^^^ already set on line 6\n");
  CHECK(loaded.status.code() == Code::kJob);
}

TEST_CASE("job file: every line that is indented with a tab is named", "[job]") {
  const Loaded loaded = load("job: x\nsource:\n\ttype: csv\n  \tpath: a\n");

  CHECK(loaded.messages() == Messages{"3:1 a tab in the indentation: YAML indents with spaces",
                                      "4:3 a tab in the indentation: YAML indents with spaces"});
}

TEST_CASE("job file: a tab inside a text is the text's own", "[job]") {
  const Loaded loaded = load(
      "job: x\n"
      "source:\n"
      "  type: csv\n"
      "  null: |\n"
      "    a\n"
      "    \tb\n"
      "  path: in.csv\n"
      "sinks: [{type: postgres, url: u}]\n");

  REQUIRE(loaded.job);
  CHECK(loaded.job->source.options.find("null")->text() == "a\n\tb\n");
}

TEST_CASE("job file: an alias bomb is refused where it becomes too large", "[job]") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string to = "a" + std::to_string(i);
    const std::string from = "*a" + std::to_string(i - 1);
    bomb += to + ": &" + to + " [" + from;
    for (int k = 1; k < 10; ++k) bomb += ", " + from;
    bomb += "]\n";
  }

  const Loaded loaded = load(bomb);

  REQUIRE(loaded.faults.errors() == 1);
  CHECK(loaded.faults.all()[0].place.line == 5);
  CHECK_THAT(loaded.faults.all()[0].message, Catch::Contains("becomes too large here"));
}

TEST_CASE("job file: aliases of one long text are counted by their bytes", "[job]") {
  std::string text = "a: &a " + std::string(500'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 100; ++i) text += ", *a";

  const Loaded loaded = load(text + "]\n");

  CHECK_THAT(loaded.shown, Catch::Contains("becomes too large here"));
}

TEST_CASE("job file: an alias inside its own anchor is a fault at the alias", "[job]") {
  CHECK(load("a: &a [1, *a]\n").messages() ==
        Messages{"1:11 an alias inside the very thing it stands for"});
}

TEST_CASE("job file: an alias stands for the value of its anchor", "[job]") {
  const Loaded loaded = load(
      "job: x\n"
      "source: {type: csv, path: &p in.csv, null: *p}\n"
      "sinks: [{type: postgres, url: u}]\n");

  REQUIRE(loaded.job);
  CHECK(loaded.job->source.options.find("null")->text() == "in.csv");
}

TEST_CASE("job file: an alias without an anchor, merge keys and tags are faults", "[job]") {
  CHECK(load("a: *nope\n").messages() ==
        Messages{"1:4 not YAML: an alias whose anchor is not defined above it"});
  CHECK(load(kJob + "chunk: {<<: {rows: 1}}\n").messages() ==
        Messages{"6:9 a merge key: a job file has none"});
  CHECK(load("job: !foo x\n" + kJob.substr(kJob.find('\n') + 1)).messages() ==
        Messages{"1:6 a tag: a job file has none"});
}

TEST_CASE("job file: nesting is bounded, whatever the bracket", "[job]") {
  for (const char* open : {"[", "{a: ", "- ", "? "}) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += open;
    CAPTURE(open);
    const Loaded loaded = load(text);
    REQUIRE(loaded.faults.errors() == 1);
    CHECK(loaded.faults.all()[0].message == "nested more than 64 levels deep");
  }
}

TEST_CASE("job file: bytes that are not UTF-8 are named, and the rest is checked too", "[job]") {
  const Loaded loaded = load("job: caf\xE9\n" + kJob.substr(kJob.find('\n') + 1) + "sinc: 1\n");

  CHECK(loaded.shown ==
        "job.yaml:1:9: error: byte 0xE9 is not UTF-8\n"
        "    1 | job: caf?\n"
        "      |         ^ save the file as UTF-8\n"
        "job.yaml:6:1: error: unknown key \"sinc\"\n"
        "    6 | sinc: 1\n"
        "      | ^^^^ did you mean \"sinks\"?\n"
        "   keys: job (required), source (required), sinks (required), id, lookups, ...\n");
}

TEST_CASE("job file: overlong, surrogate and cut UTF-8 is not UTF-8", "[job]") {
  for (const std::string bad :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    CHECK_THAT(load(kJob + "# " + bad + "\n").shown, Catch::Contains("is not UTF-8"));
  }
  CHECK(load(kJob + "# \xE2\x82\xAC \xF0\x9F\x98\x80\n").job);
}

TEST_CASE("job file: UTF-16 and binary files are named as such", "[job]") {
  CHECK(load(std::string("\xFF\xFEj\0o\0b\0", 8)).messages() ==
        Messages{"0:0 the file is UTF-16, not UTF-8"});
  CHECK_THAT(load("\x7F"
                  "ELF" +
                  std::string(100, '\1'))
                 .shown,
             Catch::Contains("the file is not text"));
}

TEST_CASE("job file: NUL is a fault, raw and escaped", "[job]") {
  CHECK(load(std::string("job: a\0b\n", 9) + kJob.substr(kJob.find('\n') + 1)).messages() ==
        Messages{"1:7 a NUL byte"});
  CHECK(load("job: \"a\\0b\"\n" + kJob.substr(kJob.find('\n') + 1)).messages()[0] ==
        "1:6 a NUL character in a text");
}

TEST_CASE("job file: empty, only comments, no map, two documents", "[job]") {
  CHECK(load("").messages() == Messages{"0:0 the file is empty"});
  CHECK(load("# nothing\n\n").messages() == Messages{"0:0 the file is empty"});
  CHECK(load("- a\n").messages() == Messages{"1:1 a job file is a map of keys"});
  CHECK(load("hello\n").messages() == Messages{"1:1 a job file is a map of keys"});
  CHECK(load("---\n" + kJob).job);
  CHECK(load(kJob + "---\njob: y\n").messages() ==
        Messages{"6:1 a second YAML document: a job file holds one"});
}

TEST_CASE("job file: keys that are no text are faults", "[job]") {
  CHECK(load(kJob + "? [a, b]\n: 1\n").messages() == Messages{"6:3 a key must be a text"});
  CHECK(load(kJob + ": 1\n").messages() == Messages{"6:1 a key is missing before the colon"});
}

TEST_CASE("job file: YAML that does not parse says what is wrong with the line", "[job]") {
  CHECK(load("job: x\nsource:\n  type: csv\n path: a\n").shown ==
        "job.yaml:4:2: error: not YAML: this line fits neither the map above it nor the one around "
        "that\n"
        "    4 |  path: a\n"
        "      |  ^ is the indentation right?\n");
  CHECK_THAT(load("job: 'x\nsource: {}\n").shown, Catch::Contains("a quote that nothing closes"));
  CHECK_THAT(load("job: [x\n").shown, Catch::Contains("a '[' that nothing closes"));
  CHECK_THAT(load("job: a: b\n").shown, Catch::Contains("a colon where none can stand"));
  CHECK_THAT(load("job: @x\n").shown, Catch::Contains("a character that no value begins with"));
}

TEST_CASE("job file: a variable that flow style tears apart comes with its cure", "[job]") {
  CHECK_THAT(load("source: {type: csv, path: ${DATA}}\n").shown,
             Catch::Contains(R"(Inside { } and [ ] a variable must be quoted: "${NAME}".)"));
}

TEST_CASE("job file: above 1 MiB nothing is parsed", "[job]") {
  CHECK(load(std::string((1 << 20) + 1, 'a')).messages() ==
        Messages{"0:0 the file has 1048577 bytes; a job file has at most 1 MiB"});
}

TEST_CASE("places: CRLF, a byte order mark and characters of many bytes move nothing", "[job]") {
  CHECK(load("\xEF\xBB\xBFjobb: x\n" + kJob).messages()[0] == "1:1 unknown key \"jobb\"");
  CHECK(load("job: x\r\nsource:\r\n  type: csv\r\n  path: a\r\n  tabel: 1\r\nsinks: [{type: "
             "postgres, url: u}]\r\n")
            .shown ==
        "job.yaml:5:3: error: source \"csv\": unknown option \"tabel\"\n"
        "    5 |   tabel: 1\n"
        "      |   ^^^^^\n"
        "   options: path (required), header, skip, delimiter, null      see: chunkmill plugins "
        "describe source csv\n");
  CHECK_THAT(
      load("job: x\nsource: {type: csv, path: '\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80', tabel: "
           "1}\nsinks: [{type: postgres, url: u}]\n")
          .shown,
      Catch::Contains("job.yaml:2:34: error") &&
          Catch::Contains("\n      |                                  ^^^^^"));
}
