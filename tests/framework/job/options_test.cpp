// A plugin's options against its own schema.
#include <catch2/catch.hpp>

#include "framework/job/option_schema.hpp"
#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;
using Messages = std::vector<std::string>;

namespace {

// Messages of a postgres sink with more options, each on its own line from line 6 on, in column 5.
Loaded sink_with(const std::string& options) { return load(kJob + options); }

}  // namespace

TEST_CASE("options: an unknown one comes with the nearest and with those there are", "[job]") {
  CHECK(sink_with("    tabel: emissions\n").shown ==
        "job.yaml:6:5: error: sink \"postgres\": unknown option \"tabel\"\n"
        "    6 |     tabel: emissions\n"
        "      |     ^^^^^ did you mean \"table\"?\n"
        "   options: url (required), table, tables, mode, key, batch, share, timeout, buffer, ...  "
        "    "
        "see: chunkmill plugins describe sink postgres\n");
}

TEST_CASE("options: the host's own keys are suggested beside the plugin's", "[job]") {
  CHECK(sink_with("    fallbak: none\n").faults.all()[0].suggestion == "fallback");
}

TEST_CASE("options: a missing one is a fault at the plugin's type, with what it is for", "[job]") {
  CHECK(load("job: x\nsource: {type: csv}\nsinks: [{type: postgres, url: u}]\n").shown ==
        "job.yaml:2:16: error: source \"csv\": option \"path\" is missing\n"
        "    2 | source: {type: csv}\n"
        "      |                ^^^ path: files to read\n"
        "   options: path (required), header, skip, delimiter, null      see: chunkmill plugins "
        "describe source csv\n");
  CHECK_THAT(
      load("job: x\nsource: {type: csv, path: ~}\nsinks: [{type: postgres, url: u}]\n").shown,
      Catch::Contains("option \"path\" is missing"));
}

TEST_CASE("options: a value of another type says what was expected and what is there", "[job]") {
  CHECK(sink_with("    batch: ten\n    share: lots\n    table: [a]\n    tables: 5\n").messages() ==
        Messages{"6:12 sink \"postgres\": batch: expected a whole number, found the text \"ten\"",
                 "7:12 sink \"postgres\": share: expected a number, found the text \"lots\"",
                 "8:5 sink \"postgres\": table: expected a text, found a list",
                 "9:13 sink \"postgres\": tables: expected a map, found 5"});
  CHECK_THAT(sink_with("    batch: 1.5\n").shown, Catch::Contains("a whole number, found 1.5"));
}

TEST_CASE("options: a quoted number where a number is wanted loses its quotes", "[job]") {
  CHECK_THAT(sink_with("    batch: \"10\"\n").shown, Catch::Contains("^^^^ remove the quotes"));
}

TEST_CASE("options: limits, units and choices are checked", "[job]") {
  CHECK(sink_with("    batch: 0\n    timeout: 5\n    buffer: 8 megs\n    sample: 150%\n    mode: "
                  "upsrt\n")
            .messages() ==
        Messages{"6:12 sink \"postgres\": batch: must be at least 1",
                 "7:14 sink \"postgres\": timeout: expected a duration like 200ms, 30s or 10m, "
                 "found 5",
                 "8:13 sink \"postgres\": buffer: expected a size like 64KiB or 8MiB, found the "
                 "text \"8 megs\"",
                 "9:13 sink \"postgres\": sample: expected a percentage between 0% and 100%, found "
                 "the text \"150%\"",
                 "10:11 sink \"postgres\": mode: expected one of insert, upsert, replace; found "
                 "the text \"upsrt\""});
  CHECK_THAT(sink_with("    batch: 1001\n").shown, Catch::Contains("must be at most 1000"));
  CHECK(sink_with("    batch: 10\n    timeout: 5s\n    buffer: 8MiB\n    sample: 50%\n").job);
}

TEST_CASE("options: one character is an ASCII character or its name", "[job]") {
  const auto csv = [](const std::string& delimiter) {
    return load("job: x\nsource: {type: csv, path: a, delimiter: " + delimiter +
                "}\nsinks: [{type: postgres, url: u}]\n");
  };

  CHECK(csv("\"\\t\"").job);
  CHECK(csv("tab").job);
  CHECK(csv("space").job);
  CHECK(csv("'\\t'").job);
  for (const char* wrong : {"''", "'||'", "tabs", "\"\\n\"", "'\xE2\x82\xAC'"})
    CHECK_THAT(csv(wrong).shown, Catch::Contains("expected one ASCII character"));
}

TEST_CASE("options: a single value stands for a list of one where the plugin says so", "[job]") {
  CHECK(sink_with("    key: id\n").job);
  CHECK(sink_with("    key: [id, day]\n").job);
  CHECK_THAT(sink_with("    key: [[id]]\n").shown, Catch::Contains("key.0: expected a text"));
}

TEST_CASE("options: yes and no are texts where a text is wanted, else read with a warning",
          "[job]") {
  const Loaded loaded = load(
      "job: x\nsource: {type: csv, path: a, null: NO, header: off, skip: 010}\nsinks: [{type: "
      "postgres, url: u}]\n");

  REQUIRE(loaded.job);
  CHECK(loaded.job->source.options.find("null")->text() == "NO");
  CHECK(
      loaded.shown ==
      "job.yaml:2:48: warning: source \"csv\": header: off is read as false\n"
      "    2 | source: {type: csv, path: a, null: NO, header: off, skip: 010}\n"
      "      |                                                ^^^ write false\n"
      "job.yaml:2:59: warning: source \"csv\": skip: 010 is read as the number 10\n"
      "    2 | source: {type: csv, path: a, null: NO, header: off, skip: 010}\n"
      "      |                                                           ^^^ write it without the "
      "leading zero\n");
}

TEST_CASE("options: nested ones are checked under their whole name", "[job]") {
  const Loaded loaded = load(kJob +
                             "lookups: {factors: {type: csv, path: f}}\n"
                             "calculators:\n"
                             "  - type: goods\n"
                             "    factors: factor\n"
                             "    columns: {spnd: usd}\n"
                             "    rates: {EUR: 1.1, GBP: much}\n"
                             "    label: no\n");

  CHECK(loaded.messages() ==
        Messages{"9:14 calculator \"goods\": factors: the job has no lookup \"factor\"",
                 "10:5 calculator \"goods\": columns: option \"spend\" is missing",
                 "10:15 calculator \"goods\": columns: unknown option \"spnd\"",
                 "11:28 calculator \"goods\": rates.GBP: expected a number, found the text "
                 "\"much\""});
  CHECK(loaded.faults.all()[0].suggestion == "factors");
}

TEST_CASE("options: a secret is shown by no fault, whatever is wrong around it", "[job]") {
  const Loaded loaded = load(
      "job: x\nsource: {type: csv, path: a}\n"
      "sinks:\n"
      "  - {type: postgres, url: hunter2, tabel: x}\n"
      "  - {type: postgres, url: [hunter2]}\n"
      "  - {type: postgres, ulr: hunter2}\n"
      "  - {type: nothing, anything: hunter2}\n"
      "  - {type: postgres, url: a, url: hunter2}\n");

  CHECK(loaded.faults.errors() == 6);
  CHECK_THAT(loaded.shown, !Catch::Contains("hunter2"));
  CHECK_THAT(loaded.shown, Catch::Contains("url: *******, tabel"));
  CHECK_THAT(render_json(loaded.faults, "job.yaml"), !Catch::Contains("hunter2"));
}

TEST_CASE("options: where the file cannot be read to its end, what sounds secret is not shown",
          "[job]") {
  for (const char* text :
       {"job: x\nsource: {password: hunter2, path: a\n", "source:\n\tpassword: hunter2\n",
        "a: {'Api_Key': hunter2: x}\n", "database_url: postgres://me:hunter2@here: x\n",
        "source:\n  token: \"hunter2\n"}) {
    CAPTURE(text);
    const Loaded loaded = load(text);
    CHECK(loaded.faults.has_errors());
    CHECK_THAT(loaded.shown, !Catch::Contains("hunter2"));
  }
  CHECK_THAT(load(kJob, {"sink.0.password=hunter2"}).shown, !Catch::Contains("hunter2"));
  CHECK_THAT(load(kJob, {"sinks.0.url=[hunter2"}).shown, !Catch::Contains("hunter2"));
}

TEST_CASE("options: relative paths are the job file's, all others stay", "[job]") {
  const auto path = [](const std::string& text) {
    const Loaded loaded = load("job: x\nsource: {type: csv, path: '" + text +
                               "'}\nsinks: [{type: postgres, url: u}]\n");
    return loaded.job ? loaded.job->source.options.find("path")->text() : loaded.shown;
  };

  CHECK(path("data/x-*.csv") == "/jobs/data/x-*.csv");
  CHECK(path("./x.csv") == "/jobs/x.csv");
  CHECK(path("../x.csv") == "/jobs/../x.csv");
  CHECK(path("/abs.csv") == "/abs.csv");
  CHECK(path("s3://bucket/x") == "s3://bucket/x");
  CHECK(path("-") == "-");
}

TEST_CASE("options: a default keeps its form, also a list and an object", "[job]") {
  const auto default_of = [](const std::string& text) {
    const auto schema =
        OptionSchema::parse(R"({"properties": {"x": {"default": )" + text + "}}}").take();
    return schema.properties.find("x")->second.default_text;
  };

  CHECK(default_of("\",\"") == ",");
  CHECK(default_of("false") == "false");
  CHECK(default_of("1.50") == "1.50");
  CHECK(default_of(R"(["a", "b"])") == R"(["a","b"])");
  CHECK(default_of(R"({"EUR": 1, "USD": [true]})") == R"({"EUR":"1","USD":["true"]})");
  CHECK(default_of("{}") == "{}");
}

TEST_CASE("options: a plugin whose schema is no JSON object is a fault at its type", "[job]") {
  Faults faults;
  const auto broken = [](std::string_view, std::string_view) -> Result<std::string> {
    return std::string("[1");
  };

  const Result<JobSpec> job = load_job_text(kJob, "/jobs/job.yaml", {}, broken, &faults);

  CHECK_FALSE(job.ok());
  REQUIRE(faults.errors() == 2);
  CHECK_THAT(faults.all()[0].message,
             Catch::StartsWith("source \"csv\": its option schema is not a JSON object"));
}
