// The suite behind `plugins check`: passes what keeps the ABI, and finds what does not.
#include "framework/conformance/conformance.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "support.hpp"

namespace chunkmill::host::test {
namespace {

ConformanceReport check(const std::filesystem::path& file, const cm_options* options = nullptr) {
  return check_plugin(file, {.options = options, .time_limit = std::chrono::seconds(10)});
}

std::string text_of(const ConformanceReport& report) {
  std::string text = report.plugin + "\n";
  for (const Check& check : report.checks) {
    constexpr const char* kWords[] = {"passed", "FAILED", "skipped"};
    text += std::string(kWords[static_cast<int>(check.outcome)]) + ": " + check.name + ": " +
            check.detail + "\n";
  }
  return text;
}

// The failed checks' names and details.
std::string failures_of(const ConformanceReport& report) {
  std::string text;
  for (const Check& check : report.checks) {
    if (check.outcome == Check::Outcome::kFailed) text += check.name + ": " + check.detail + "\n";
  }
  return text;
}

TEST_CASE("conformance: well-behaved plugins of every kind pass every check", "[abi]") {
  const std::string file = GENERATE("calculator.plain_c.so", "calculator.frozen_v1_0.so",
                                    "source.numbers.so", "sink.memory.so", "hook.remembers.so");
  const OptionMap none;

  const ConformanceReport report = check(good_folder() / file, &none.abi());

  INFO(text_of(report));
  CHECK(report.passed());
  CHECK(report.count(Check::Outcome::kPassed) >= 9);
  CHECK_FALSE(report.plugin.empty());
}

TEST_CASE("conformance: a source with bad records passes too", "[abi]") {
  const OptionMap options{{"bad_every", int64_t{3}}, {"rows", int64_t{50}}};

  const ConformanceReport report = check(good_folder() / "source.numbers.so", &options.abi());

  INFO(text_of(report));
  CHECK(report.passed());
}

TEST_CASE("conformance: the product's own plugins pass what can be checked without options",
          "[abi]") {
  std::error_code absent;
  const auto folder = std::filesystem::path(CHUNKMILL_BUILD_DIR) / "plugins";
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().extension() != ".so") continue;
    const ConformanceReport report = check(entry.path());
    INFO(text_of(report));
    CHECK(report.passed());
  }
}

TEST_CASE("conformance: a source that does not resume is found out", "[abi]") {
  const OptionMap options{{"forgetful", true}};

  const std::string failures =
      failures_of(check(good_folder() / "source.numbers.so", &options.abi()));

  CHECK_THAT(failures,
             Catch::Contains("from every position it resumes with the rows that follow") &&
                 Catch::Contains("from position \"7\""));
}

TEST_CASE("conformance: a sink that keeps no ledger is found out", "[abi]") {
  const OptionMap options{{"forgetful", true}};

  const std::string failures = failures_of(check(good_folder() / "sink.memory.so", &options.abi()));

  CHECK_THAT(failures, Catch::Contains("should say CM_END"));
}

TEST_CASE("conformance: a calculator that forgets offsets is found out", "[abi]") {
  const OptionMap none;
  const auto file = std::filesystem::path(ABI_MODULES) / "careless" / "calculator.careless.so";

  const std::string failures = failures_of(check(file, &none.abi()));

  CHECK_THAT(failures, Catch::Contains("a batch with an offset gives the same rows"));
}

TEST_CASE("conformance: hostile modules fail and the suite survives them", "[abi]") {
  const auto [name, why] = GENERATE(table<const char*, const char*>({
      {"calculator.throws_at_start", "it loads, and its descriptor is complete"},
      {"calculator.quits_at_start", "ended the process with exit code 0"},
      {"calculator.segfaults_at_start", "it loads, and its descriptor is complete"},
      {"calculator.no_section", "no chunkmill plugin"},
      {"calculator.other_file_name", "the file is named KIND.NAME.so after itself"},
      {"calculator.extra_symbol", "it exports 2 symbols: "},
      {"calculator.missing_symbol", "a_function_that_nobody_wrote"},
      {"calculator.throws_everywhere", "threw across the ABI"},
      {"source.garbage_lengths", "position() wrote more than 4096 bytes"},
  }));

  const ConformanceReport report = check(hostile_folder() / (std::string(name) + ".so"));

  INFO(text_of(report));
  CHECK_FALSE(report.passed());
  CHECK_THAT(failures_of(report), Catch::Contains(why));
}

TEST_CASE("conformance: a plugin that hangs is a failed check after the time limit", "[abi]") {
  const ConformanceReport report = check_plugin(hostile_folder() / "calculator.hangs_at_start.so",
                                                {.time_limit = std::chrono::milliseconds(300)});

  CHECK_THAT(failures_of(report), Catch::Contains("did not come back within 300 ms"));
}

TEST_CASE("conformance: a file that is not there is a failed check", "[abi]") {
  CHECK_FALSE(check(good_folder() / "source.absent.so").passed());
}

}  // namespace
}  // namespace chunkmill::host::test
