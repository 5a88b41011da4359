// The schema that the SDK writes is the one that the host reads.
#include <catch2/catch.hpp>

#include "chunkmill/options.hpp"
#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;

namespace {

enum class Mode { kInsert, kUpsert };

struct Table {
  std::string note;
};

// What a plugin's author writes once, for the schema and for the values.
struct Settings {
  std::vector<chunkmill::Path> paths;
  chunkmill::Secret url;
  chunkmill::LookupName factors;
  chunkmill::Duration timeout{5000};
  chunkmill::Bytes buffer{8 << 20};
  std::optional<std::string> table;
  std::map<std::string, double> rates;
  std::uint32_t batch = 7;
  bool header = true;
  Mode mode = Mode::kInsert;
  std::string spend = "spend";
  std::vector<std::pair<std::string, Table>> tables;

  void configure(chunkmill::Options& opt) {
    opt.required("path", paths, "files; \"quoted\", and of any \\ kind");
    opt.required("url", url, "where");
    opt.optional("factors", factors, "which");
    opt.optional("timeout", timeout, "how long");
    opt.optional("buffer", buffer, "how much");
    opt.optional("table", table, "into what");
    opt.optional("rates", rates, "by currency");
    opt.optional("batch", batch, "how many");
    opt.optional("header", header, "whether");
    opt.choice("mode", mode, {{"insert", Mode::kInsert}, {"upsert", Mode::kUpsert}}, "how");
    opt.group("columns", "names",
              [&](chunkmill::Options& in) { in.optional("spend", spend, "the money"); });
    opt.each("tables", tables, "several",
             [](chunkmill::Options& in, Table& each) { in.optional("note", each.note, "a word"); });
  }
};

Result<std::string> written_schema(std::string_view, std::string_view) {
  std::string json;
  chunkmill::Options options(&json);
  Settings().configure(options);
  options.close_schema();
  return json;
}

Loaded load_settings(const std::string& options) {
  const std::string text =
      "job: x\nsource: {type: any, path: p, url: u}\nsinks:\n  - type: any\n" + options;
  Loaded loaded;
  Result<JobSpec> job = load_job_text(text, "/jobs/job.yaml", {}, written_schema, &loaded.faults);
  loaded.status = job.status();
  if (job.ok()) loaded.job = job.take();
  loaded.shown = render_text(loaded.faults, "job.yaml", text, false);
  return loaded;
}

}  // namespace

TEST_CASE("schema: options that the host lets pass are the ones that the plugin binds", "[job]") {
  const Loaded loaded = load_settings(
      "    path: [a.csv, b.csv]\n"
      "    url: secret\n"
      "    timeout: 1.5s\n"
      "    buffer: 64KiB\n"
      "    rates: {EUR: 1.1}\n"
      "    batch: 3\n"
      "    header: no\n"
      "    mode: upsert\n"
      "    columns: {spend: usd}\n"
      "    tables: {one: {note: n, from: s}, two: }\n");

  REQUIRE(loaded.job);
  const Value& options = loaded.job->sinks[0].plugin.options;
  const cm_options accessor = options.options();
  chunkmill::Options bound(&accessor);
  Settings settings;
  settings.configure(bound);

  REQUIRE(settings.paths.size() == 2);
  CHECK(settings.paths[0].value == "/jobs/a.csv");
  CHECK(settings.url.value == "secret");
  CHECK(settings.timeout.ms == 1500);
  CHECK(settings.buffer.count == 65536);
  CHECK(settings.rates.at("EUR") == 1.1);
  CHECK(settings.batch == 3);
  CHECK_FALSE(settings.header);
  CHECK(settings.mode == Mode::kUpsert);
  CHECK(settings.spend == "usd");
  REQUIRE(settings.tables.size() == 2);
  CHECK(settings.tables[0].second.note == "n");
  CHECK(loaded.job->sinks[0].plugin.fingerprint().find("secret") == std::string::npos);
}

TEST_CASE("schema: what the plugin would refuse, the host refuses with a place", "[job]") {
  const Loaded loaded = load_settings(
      "    url: secret\n"
      "    timeout: 5\n"
      "    batch: -1\n"
      "    mode: upsrt\n"
      "    columns: {spnd: usd}\n"
      "    tables: {one: {nte: n}}\n"
      "    factors: none\n");

  CHECK(loaded.messages() ==
        std::vector<std::string>{
            "4:11 sink \"any\": option \"path\" is missing",
            "6:14 sink \"any\": timeout: expected a duration like 200ms, 30s or 10m, found 5",
            "7:12 sink \"any\": batch: must be at least 0",
            "8:11 sink \"any\": mode: expected one of insert, upsert; found the text \"upsrt\"",
            "9:15 sink \"any\": columns: unknown option \"spnd\"",
            "10:20 sink \"any\": tables.one: unknown option \"nte\"",
            "11:14 sink \"any\": factors: the job has no lookup \"none\""});
}
