// ${NAME} and --set.
#include <catch2/catch.hpp>

#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;
using Messages = std::vector<std::string>;

namespace {

Loaded with_url(const std::string& url,
                const std::map<std::string, std::string>& environment = {}) {
  return load(
      "job: x\nsource: {type: csv, path: a}\nsinks:\n  - type: postgres\n    url: " + url + "\n",
      {}, environment);
}

std::string url_of(const Loaded& loaded) {
  return loaded.job ? loaded.job->sinks[0].plugin.options.find("url")->text() : loaded.shown;
}

}  // namespace

TEST_CASE("variables: a value, a default, an escape", "[job]") {
  CHECK(url_of(with_url("a-${X}-b", {{"X", "1"}})) == "a-1-b");
  CHECK(url_of(with_url("${X:y:z}")) == "y:z");
  CHECK(url_of(with_url("'${X:}.'")) == ".");
  CHECK(url_of(with_url("$${X}/${X}", {{"X", "1"}})) == "${X}/1");
  CHECK(url_of(with_url("$5 and $X")) == "$5 and $X");
  CHECK(url_of(with_url("${X}", {{"X", "${Y}"}})) == "${Y}");
}

TEST_CASE("variables: one that is not set is a fault at its own column", "[job]") {
  CHECK(with_url("\"\\u00e4/${OK}/${DB_URL}\"", {{"OK", "1"}}).messages() ==
        Messages{"5:24 the variable \"DB_URL\" is not set"});
  CHECK(with_url("${DB_URL}").shown ==
        "job.yaml:5:10: error: the variable \"DB_URL\" is not set\n"
        "    5 |     url: ${DB_URL}\n"
        "      |          ^^^^^^^^^ set it, or give a default: ${DB_URL:default}\n");
}

TEST_CASE("variables: in a block of text the place is in the block", "[job]") {
  CHECK(with_url("|\n      first\n      second ${NOPE}").messages() ==
        Messages{"7:14 the variable \"NOPE\" is not set"});
}

TEST_CASE("variables: malformed ones are faults", "[job]") {
  CHECK(with_url("${a-b}${c").messages() == Messages{"5:10 \"a-b\" is no name of a variable",
                                                     "5:16 a variable without its closing brace"});
}

TEST_CASE("variables: a default in the shell's manner is warned about", "[job]") {
  const Loaded loaded = with_url("${X:-y}");

  CHECK(url_of(loaded) == "-y");
  CHECK(loaded.messages() == Messages{"5:10 the default of \"X\" begins with a '-'"});
}

TEST_CASE("variables: the value of one never becomes YAML, but may be a number", "[job]") {
  const Loaded loaded = load(kJob + "    batch: ${N}\n    table: ${T}\n", {},
                             {{"N", "7"}, {"T", "{a: [b]} # c\n- d"}});

  REQUIRE(loaded.job);
  CHECK(loaded.job->sinks[0].plugin.options.find("batch")->as_int() == 7);
  CHECK(loaded.job->sinks[0].plugin.options.find("table")->text() == "{a: [b]} # c\n- d");
}

TEST_CASE("variables: an unset one is one fault, not also one of its option's type", "[job]") {
  CHECK(load(kJob + "    batch: ${N}\n").messages() ==
        Messages{"6:12 the variable \"N\" is not set"});
}

TEST_CASE("variables: a value that is not UTF-8 is a fault", "[job]") {
  CHECK(with_url("${X}", {{"X", "\xFF"}}).messages() ==
        Messages{"5:10 the value of \"X\" is not UTF-8"});
}

TEST_CASE("set: replaces, adds, and makes a section of the top level", "[job]") {
  const Loaded loaded = load(kJob,
                             {"sinks.0.table=emissions", "chunk.rows=50", "source.path=[a, /b]",
                              "sinks.0.url=${U}", "job=other"},
                             {{"U", "there"}});

  REQUIRE(loaded.job);
  CHECK(loaded.job->name == "other");
  CHECK(loaded.job->chunk.rows == 50);
  CHECK(loaded.job->sinks[0].plugin.options.find("table")->text() == "emissions");
  CHECK(loaded.job->sinks[0].plugin.options.find("url")->text() == "there");
  CHECK(loaded.job->source.options.at_path("path.0")->text() == "/jobs/a");
}

TEST_CASE("set: faults point into the --set", "[job]") {
  CHECK(load(kJob, {"sinks.0.batch=ten"}).shown ==
        "--set:15: error: sink \"postgres\": batch: expected a whole number, found the text "
        "\"ten\"\n"
        "    1 | sinks.0.batch=ten\n"
        "      |               ^^^\n");
  CHECK(load(kJob, {"sink.0.table=x", "sinks.3.table=x", "sinks.0.url.a=x", "=x", "nothing",
                    "sinks.0.tables.a.mode=insert"})
            .messages() ==
        Messages{"1:1 unknown key \"sink\"", "1:6 --set: \"0\" is not in the job file",
                 "1:7 --set: there is no item \"3\"",
                 "1:13 --set: \"a\" would be inside a plain value",
                 "1:1 --set: expected PATH=VALUE", "1:1 --set: expected PATH=VALUE",
                 "1:9 --set: \"tables\" is not in the job file"});
}

TEST_CASE("set: a value that is no YAML is a fault of the --set", "[job]") {
  CHECK_THAT(load(kJob, {"chunk.rows=[1"}).shown,
             Catch::StartsWith("--set:") && Catch::Contains("a '[' that nothing closes"));
}
