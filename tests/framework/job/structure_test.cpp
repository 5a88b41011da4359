// From keys to a JobSpec.
#include <catch2/catch.hpp>

#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;
using Messages = std::vector<std::string>;

TEST_CASE("job: what is not written has the documented defaults", "[job]") {
  const Loaded loaded = load(kJob);

  REQUIRE(loaded.job);
  const JobSpec& job = *loaded.job;
  CHECK(job.name == "small");
  CHECK(job.path == "/jobs/job.yaml");
  CHECK(job.chunk.rows == 0);
  CHECK(job.retry.attempts == 5);
  CHECK(job.retry.initial_delay_ms == 200);
  CHECK(job.retry.max_delay_ms == 30'000);
  CHECK(job.errors.max_failed_percent == 50);
  CHECK(job.errors.per == Per::kChunk);
  CHECK_FALSE(job.errors.max_rejects);
  CHECK(job.workers == 0);
  CHECK(job.memory == 256 << 20);
  CHECK(job.grace_ms == 10'000);
  CHECK(job.order == Order::kAuto);
  REQUIRE(job.sinks.size() == 1);
  CHECK(job.sinks[0].fallback == Fallback::kBisect);
  CHECK(job.sinks[0].from == "main");
  CHECK(job.sinks[0].tables.empty());
  CHECK(job.sinks[0].plugin.path == "sinks.0");
  CHECK(loaded.shown.empty());
}

TEST_CASE("job: every key of the host is read", "[job]") {
  const Loaded loaded = load(
      "job: full\n"
      "lookups: {factors: {type: csv, path: f.csv}}\n"
      "source: {type: csv, path: [a.csv, /b.csv]}\n"
      "calculators: [{type: goods, factors: factors}]\n"
      "sinks: [{type: postgres, url: u, fallback: sequential, from: prices, rate: "
      "{rows_per_second: "
      "9}}]\n"
      "hooks: [{type: jsonl, path: events.jsonl}]\n"
      "chunk: {rows: 1000, bytes: 8MiB, keep_together: invoice_id, linger: 50ms}\n"
      "retry: {attempts: 2, initial_delay: 1s, max_delay: 2m}\n"
      "errors: {max_failed_percent: 12.5%, per: run, max_rejects: 7, min_rows: 100}\n"
      "workers: 3\n"
      "memory: 64MiB\n"
      "rate: {rows_per_second: 500}\n"
      "grace: 3s\n"
      "order: source\n"
      "budget: {time: 1h, rows: 1000000}\n");

  REQUIRE(loaded.job);
  const JobSpec& job = *loaded.job;
  REQUIRE(job.lookups.size() == 1);
  CHECK(job.lookups[0].name == "factors");
  CHECK(job.lookups[0].plugin.kind == "source");
  CHECK(job.lookups[0].plugin.path == "lookups.factors");
  CHECK(job.lookups[0].plugin.options.find("path")->text() == "/jobs/f.csv");
  CHECK(job.source.options.at_path("path.0")->text() == "/jobs/a.csv");
  CHECK(job.source.options.at_path("path.1")->text() == "/b.csv");
  CHECK(job.sinks[0].fallback == Fallback::kSequential);
  CHECK(job.sinks[0].from == "prices");
  CHECK(job.sinks[0].rate.rows_per_second == 9);
  CHECK(job.sinks[0].plugin.options.size() == 1);
  REQUIRE(job.hooks.size() == 1);
  CHECK(job.hooks[0].kind == "hook");
  CHECK(job.chunk.rows == 1000);
  CHECK(job.chunk.bytes == 8 << 20);
  CHECK(job.chunk.keep_together == "invoice_id");
  CHECK(job.chunk.linger_ms == 50);
  CHECK(job.retry.attempts == 2);
  CHECK(job.retry.initial_delay_ms == 1000);
  CHECK(job.retry.max_delay_ms == 120'000);
  CHECK(job.errors.max_failed_percent == 12.5);
  CHECK(job.errors.per == Per::kRun);
  CHECK(job.errors.max_rejects == 7);
  CHECK(job.errors.min_rows == 100);
  CHECK(job.workers == 3);
  CHECK(job.memory == 64 << 20);
  CHECK(job.rate.rows_per_second == 500);
  CHECK(job.grace_ms == 3000);
  CHECK(job.order == Order::kSource);
  CHECK(job.budget.time_ms == 3'600'000);
  CHECK(job.budget.rows == 1'000'000);
}

TEST_CASE("job: many faults of many kinds come in one pass, in the order of the file", "[job]") {
  const Loaded loaded = load(
      "job:\n"
      "source: csv\n"
      "sinks: {type: postgres}\n"
      "workers: many\n"
      "memory: 5\n"
      "lookups: [1]\n"
      "chunk: {rows: 0, linger: 5}\n"
      "retry: {attempts: 0, initial_delay: 50s}\n"
      "errors: {max_failed_percent: 120, per: day}\n"
      "calculators: [a, ~, {rout: x}, {type: }]\n"
      "hooks: [{type: ../x}]\n"
      "tests: []\n");

  CHECK(loaded.messages() ==
        Messages{
            "1:1 key \"job\" is missing",
            "2:9 source: expected a map, found the text \"csv\"",
            "3:1 sinks: expected a list, found a map",
            "4:10 workers: expected a whole number or auto, found the text \"many\"",
            "5:9 memory: must be at least 1MiB",
            "6:1 lookups: expected a map, found a list",
            "7:15 chunk.rows: must be at least 1",
            "7:26 chunk.linger: expected a duration like 200ms, 30s or 10m, found 5",
            "8:19 retry.attempts: must be at least 1",
            "8:37 retry.initial_delay: longer than max_delay (30000ms)",
            "9:30 errors.max_failed_percent: expected a percentage between 0% and 100%, found 120",
            "9:40 errors.per: expected one of chunk, run; found the text \"day\"",
            "10:15 calculators.0: expected a map, found the text \"a\"",
            "10:18 calculators.1: an empty item",
            "10:22 calculators.2: key \"type\" is missing",
            "10:33 calculators.3: key \"type\" is empty",
            "11:16 hooks.0: \"../x\" is no name of a plugin",
            "12:1 unknown key \"tests\"",
        });
  CHECK(loaded.status.message() == "/jobs/job.yaml:1:1: key \"job\" is missing (and 17 more)");
}

TEST_CASE("job: a plugin that is not there is a fault at its type", "[job]") {
  CHECK(load("job: x\nsource: {type: cvs, path: a}\nsinks: [{type: postgres, url: u}]\n").shown ==
        "job.yaml:2:16: error: there is no source plugin \"cvs\"\n"
        "    2 | source: {type: cvs, path: *}\n"
        "      |                ^^^\n");
}

TEST_CASE("job: a plugin's name cannot be a path", "[job]") {
  for (const char* name : {"/tmp/x", "..", "a/b", ".hidden", "'a b'", "''"}) {
    CAPTURE(name);
    CHECK_THAT(load("job: x\nsource: {type: " + std::string(name) +
                    "}\nsinks: [{type: postgres, url: u}]\n")
                   .shown,
               Catch::Contains("is no name of a plugin"));
  }
}

TEST_CASE("job: a name that cannot be filed under is a fault", "[job]") {
  CHECK(load("job: a b\n" + kJob.substr(kJob.find('\n') + 1)).messages() ==
        Messages{"1:6 job: \"a b\" is no name of a job"});
}

TEST_CASE("job: no sinks are a fault", "[job]") {
  CHECK(load("job: x\nsource: {type: csv, path: a}\nsinks: []\n").messages() ==
        Messages{"3:1 sinks: a job needs at least one"});
}

TEST_CASE("route: rows go to calculators by a column's value", "[job]") {
  const Loaded loaded = load(kJob +
                             "lookups: {f: {type: csv, path: f.csv}}\n"
                             "calculators:\n"
                             "  - route: category\n"
                             "    cases:\n"
                             "      1: {type: goods, factors: f}\n"
                             "      four: {type: goods, factors: f}\n"
                             "    otherwise: pass\n");

  REQUIRE(loaded.job);
  const auto& route = std::get<RouteSpec>(loaded.job->calculators.at(0));
  CHECK(route.column == "category");
  REQUIRE(route.cases.size() == 2);
  CHECK(route.cases[0].value == "1");
  CHECK(route.cases[1].plugin.path == "calculators.0.cases.four");
  CHECK(route.otherwise == Otherwise::kPass);
}

TEST_CASE("route: defaults fill up each case, map by map, and what a case says goes first",
          "[job]") {
  const Loaded loaded = load(kJob +
                             "lookups: {f: {type: csv, path: f.csv}, g: {type: csv, path: g.csv}}\n"
                             "calculators:\n"
                             "  - route: category\n"
                             "    defaults: {factors: f, columns: {id: line, spend: money}}\n"
                             "    cases:\n"
                             "      1: {type: goods}\n"
                             "      2: {type: goods, factors: g, columns: {spend: cost}}\n");

  REQUIRE(loaded.job);
  const auto& route = std::get<RouteSpec>(loaded.job->calculators.at(0));
  REQUIRE(route.cases.size() == 2);
  const Value& first = route.cases[0].plugin.options;
  CHECK(first.at_path("factors")->text() == "f");
  CHECK(first.at_path("columns.spend")->text() == "money");
  const Value& second = route.cases[1].plugin.options;
  CHECK(second.at_path("factors")->text() == "g");
  CHECK(second.at_path("columns.id")->text() == "line");
  CHECK(second.at_path("columns.spend")->text() == "cost");
}

TEST_CASE("route: a default that a case's plugin does not know is a fault, at its place, once",
          "[job]") {
  const Loaded loaded = load(kJob +
                             "lookups: {f: {type: csv, path: f.csv}}\n"
                             "calculators:\n"
                             "  - route: category\n"
                             "    defaults: {factors: f, colour: red}\n"
                             "    cases: {1: {type: goods}, 2: {type: goods}}\n");

  CHECK(loaded.messages() == Messages{"9:28 calculator \"goods\": unknown option \"colour\""});
}

TEST_CASE("route: what is wrong with one is named", "[job]") {
  const Loaded loaded = load(kJob +
                             "calculators:\n"
                             "  - route: category\n"
                             "    cases:\n"
                             "      1: {type: goods, factors: f}\n"
                             "      1: {type: goods, factors: f}\n"
                             "      2:\n"
                             "    otherwise: rejct\n"
                             "  - {route: a}\n"
                             "  - {route: a, cases: {}}\n");

  CHECK(loaded.messages() ==
        Messages{"9:33 calculator \"goods\": factors: the job has no lookup \"f\"",
                 "10:7 duplicate key \"1\"", "11:7 calculators.0.cases.2: it is empty",
                 "12:16 route: otherwise: expected one of reject, pass; found the text \"rejct\"",
                 "13:6 route: option \"cases\" is missing",
                 "14:16 route: a route needs at least one case"});
}

TEST_CASE("sink: several tables, each from a stream, with the plugin's own keys left in", "[job]") {
  const Loaded loaded = load(
      "job: x\nsource: {type: csv, path: a}\nsinks:\n"
      "  - type: postgres\n"
      "    url: u\n"
      "    tables:\n"
      "      moves: {from: transactions, mode: insert}\n"
      "      prices: {from: prices, required: false}\n"
      "      rest:\n");

  REQUIRE(loaded.job);
  const SinkSpec& sink = loaded.job->sinks[0];
  REQUIRE(sink.tables.size() == 3);
  CHECK(sink.tables[0].table == "moves");
  CHECK(sink.tables[0].from == "transactions");
  CHECK(sink.tables[0].required);
  CHECK(sink.tables[1].from == "prices");
  CHECK_FALSE(sink.tables[1].required);
  CHECK(sink.tables[2].from == "main");
  CHECK(sink.plugin.options.at_path("tables.moves")->size() == 1);
  CHECK(sink.plugin.options.at_path("tables.moves.mode")->text() == "insert");
  CHECK(sink.plugin.options.at_path("tables.rest")->is_map());
}

TEST_CASE("sink: from beside tables, and unknown keys in a table, are faults", "[job]") {
  const Loaded loaded = load(
      "job: x\nsource: {type: csv, path: a}\nsinks:\n"
      "  - type: postgres\n"
      "    url: u\n"
      "    from: main\n"
      "    fallback: bisekt\n"
      "    tables: {a: {frm: s}, b: 5}\n");

  CHECK(loaded.messages() ==
        Messages{"6:5 sink \"postgres\": \"from\" belongs into each of the tables",
                 "7:15 sink \"postgres\": fallback: expected one of bisect, sequential, none; "
                 "found the text \"bisekt\"",
                 "8:18 sink \"postgres\": tables.a: unknown option \"frm\"",
                 "8:30 sink \"postgres\": tables.b: expected a map, found 5"});
}
