#include "framework/observe/summary.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host {
namespace {

RunSummary with_rejects() {
  RunSummary summary;
  RunTotals& totals = summary.totals;
  totals.job = "supplier-emissions";
  totals.run = "r1";
  totals.status = "partial_success";
  totals.chunks = 10;
  totals.chunk_size = 1'000'000;
  totals.successful = 998'989;
  totals.failed = 1'009;
  totals.filtered = 2;
  totals.time_seconds = 12.5;
  totals.retries = 2;
  totals.fallbacks = 1;
  totals.errors = {
      {"unknown_factor", "calculate", 9, "no factor for \"999999\"", "data/suppliers.csv", 90},
      {"bad_number", "read", 1000, "spend_usd: \"abc\" is not a number", "data/suppliers.csv", 17}};
  totals.sums = {
      {"emissions_kgco2e", 1'234'567.89}, {"emissions_tco2e", 1'234.5678}, {"suppliers", 12}};
  summary.exit_code = 3;
  summary.state_path = ".chunkmill/supplier-emissions.state.db";
  summary.rejects_command = "chunkmill rejects list job.yaml";
  return summary;
}

}  // namespace

TEST_CASE("summary: a run with rejects says what, why and where", "[observe]") {
  CHECK(summary_as_text(with_rejects()) ==
        "  finished  supplier-emissions in 12.5 s, with rejects\n"
        "      rows  read 1,000,000 = written 998,989 + rejected 1,009 + filtered 2 + pending 0\n"
        "      pace  80,000 rows/s, 10 chunks, 2 retries, 1 fallback\n"
        "      sums  emissions_kgco2e  1,234,567.89\n"
        "            emissions_tco2e       1,234.57\n"
        "            suppliers                12\n"
        "  rejected  1,000  bad_number      data/suppliers.csv:17: spend_usd: \"abc\" is not a "
        "number\n"
        "                9  unknown_factor  data/suppliers.csv:90: no factor for \"999999\"\n"
        "  see them  chunkmill rejects list job.yaml\n"
        "            kept in .chunkmill/supplier-emissions.state.db\n");
}

TEST_CASE("summary: a run without trouble is short", "[observe]") {
  RunSummary summary;
  summary.totals.job = "supplier-emissions";
  summary.totals.status = "success";
  summary.totals.chunks = 1;
  summary.totals.chunk_size = 100;
  summary.totals.successful = 100;
  summary.totals.time_seconds = 0.05;

  CHECK(summary_as_text(summary) ==
        "  finished  supplier-emissions in 50 ms\n"
        "      rows  read 100 = written 100 + rejected 0 + filtered 0 + pending 0\n"
        "      pace  2,000 rows/s, 1 chunk\n");
}

TEST_CASE("summary: a run that stopped says why and how to resume", "[observe]") {
  RunSummary summary = with_rejects();
  summary.totals.status = "stopped";
  summary.totals.pending = 500;
  summary.totals.chunk_size += 500;
  summary.totals.errors.clear();
  summary.totals.sums.clear();
  summary.rejects_command.clear();
  summary.message = "interrupted (SIGINT)";
  summary.resume_command = "chunkmill run job.yaml";

  CHECK(summary_as_text(summary) ==
        "   stopped  supplier-emissions in 12.5 s\n"
        "   because  interrupted (SIGINT)\n"
        "      rows  read 1,000,500 = written 998,989 + rejected 1,009 + filtered 2 + pending 500\n"
        "      pace  80,040 rows/s, 10 chunks, 2 retries, 1 fallback\n"
        "    resume  chunkmill run job.yaml\n");
}

TEST_CASE("summary: rows that do not add up are called a bug", "[observe]") {
  RunSummary summary = with_rejects();
  summary.totals.chunk_size += 3;

  CHECK(summary_as_text(summary).find("WHICH DOES NOT ADD UP by 3") != std::string::npos);
}

TEST_CASE("summary: many causes are cut to the most frequent, and the rest counted", "[observe]") {
  RunSummary summary = with_rejects();
  SummarySettings settings;
  settings.max_causes = 1;

  const std::string text = summary_as_text(summary, settings);

  CHECK(text.find("unknown_factor") == std::string::npos);
  CHECK(text.find("9 more of 1 other cause\n") != std::string::npos);
}

TEST_CASE("summary: long examples are cut to the width and cannot drive the terminal",
          "[observe]") {
  RunSummary summary = with_rejects();
  summary.totals.errors = {
      {"bad_number", "read", 1, "\x1b[2J" + std::string(500, 'x'), "a.csv", 1}};
  SummarySettings settings;
  settings.columns = 60;

  const std::string text = summary_as_text(summary, settings);

  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("  rejected  1  bad_number  a.csv:1: \\x1b[2Jxxxxxxxxxxxxxxxx…\n") !=
        std::string::npos);
}

TEST_CASE("summary: colour marks the labels and nothing else", "[observe]") {
  RunSummary summary;
  summary.totals.job = "j";
  summary.totals.status = "failed";
  summary.message = "no such table";
  SummarySettings settings;
  settings.color = true;

  CHECK(summary_as_text(summary, settings) ==
        "    \x1b[1;31mfailed\x1b[0m  j in 0 ms\n"
        "   \x1b[1;31mbecause\x1b[0m  no such table\n"
        "      \x1b[1mrows\x1b[0m  read 0 = written 0 + rejected 0 + filtered 0 + pending 0\n");
}

TEST_CASE("summary: as JSON it has the same facts", "[observe]") {
  RunSummary summary = with_rejects();
  summary.totals.errors.resize(1);

  CHECK(
      summary_as_json(summary) ==
      R"({"job":"supplier-emissions","run":"r1","status":"partial_success","exit_code":3,"message":"","dry_run":false,)"
      R"("rows":{"read":1000000,"written":998989,"rejected":1009,"filtered":2,"pending":0,"adds_up":true},"sinks":[],)"
      R"("chunks":10,"bytes":0,"retries":2,"fallbacks":1,"time_seconds":12.5,"read_seconds":0,"calculate_seconds":0,)"
      R"("write_seconds":0,"commit_seconds":0,"rows_per_second":80000,"throughput_per_hour":288000000,)"
      R"("sums":{"emissions_kgco2e":1234567.89,"emissions_tco2e":1234.5678,"suppliers":12},"sums_complete":true,)"
      R"("errors":[{"code":"unknown_factor","stage":"calculate","count":9,"example":"no factor for \"999999\"",)"
      R"("where":"data/suppliers.csv","line":90}],"state":".chunkmill/supplier-emissions.state.db",)"
      R"("rejects_command":"chunkmill rejects list job.yaml","resume_command":""})"
      "\n");
}

TEST_CASE("summary: sums that miss chunks say so", "[observe]") {
  RunSummary summary = with_rejects();
  summary.sums_complete = false;

  CHECK(summary_as_text(summary).find("the tables are complete") != std::string::npos);
}

TEST_CASE("summary: a sink whose ledger says something else does not add up", "[observe]") {
  RunSummary summary;
  summary.totals.chunk_size = summary.totals.successful = 100;
  SinkTally sink{"sink \"sqlite\" 1.0.0", 2, 100, 100, 0, 0, true};
  summary.sinks = {sink};
  CHECK(adds_up(summary));
  CHECK_THAT(summary_as_json(summary),
             Catch::Contains("\"adds_up\":true") && Catch::Contains("\"agrees\":true"));

  sink.read = sink.written = 90;
  sink.agrees = false;
  summary.sinks = {sink};
  CHECK_FALSE(adds_up(summary));
  CHECK_THAT(summary_as_json(summary),
             Catch::Contains("\"adds_up\":false") && Catch::Contains("\"read\":90"));
}

TEST_CASE("summary: the pace of a resumed run is that of its own rows", "[observe]") {
  RunTotals totals;
  totals.chunk_size = 1'000'000;
  totals.earlier = 990'000;
  totals.time_seconds = 2;

  CHECK(totals.rows_per_second() == 5'000);
}

}  // namespace chunkmill::host
