#include "framework/observe/log.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

namespace chunkmill::host {
namespace {

using Catch::Matchers::Contains;

struct LogFixture {
  std::string shown;
  Terminal terminal{[this](std::string_view text) { shown += text; }};
  FakeClock clock{1'700'000'000'123};
};

}  // namespace

TEST_CASE_METHOD(LogFixture, "log: a record is one line with time, level, message and fields",
                 "[observe]") {
  Log log(terminal, clock, {});

  log.write(LogLevel::kWarn, "slow commit", {{"split", "a.csv"}, {"ms", "900"}});

  CHECK(shown == "22:13:20.123Z warn  slow commit  split=a.csv  ms=900\n");
}

TEST_CASE_METHOD(LogFixture, "log: JSON records are one object a line", "[observe]") {
  Log log(terminal, clock, {LogLevel::kInfo, LogFormat::kJson, false});

  log.write(LogLevel::kError, "bad \"name\"\n\xff", {{"plugin", "csv"}});

  CHECK(shown ==
        "{\"time\":\"2023-11-14T22:13:20.123000Z\",\"level\":\"error\",\"message\":\"bad "
        "\\\"name\\\"\\n\\\\xff\","
        "\"plugin\":\"csv\"}\n");
}

TEST_CASE_METHOD(LogFixture, "log: levels below the wanted one are not shown", "[observe]") {
  Log log(terminal, clock, {LogLevel::kWarn, LogFormat::kText, false});

  log.debug("d");
  log.info("i");
  CHECK(shown.empty());
  CHECK_FALSE(log.enabled(LogLevel::kInfo));
  log.warn("w");
  CHECK_THAT(shown, Contains(" w\n"));
  CHECK(log.enabled(LogLevel::kError));
}

TEST_CASE_METHOD(LogFixture, "log: nothing is shown when it is off", "[observe]") {
  Log log(terminal, clock, {LogLevel::kOff, LogFormat::kText, false});

  log.error("e");
  log.write(LogLevel::kOff, "o");

  CHECK(shown.empty());
}

TEST_CASE_METHOD(LogFixture, "log: only the level is in colour", "[observe]") {
  Log log(terminal, clock, {LogLevel::kInfo, LogFormat::kText, true});

  log.error("broken");

  CHECK(shown == "22:13:20.123Z \x1b[1;31merror\x1b[0m broken\n");
}

TEST_CASE_METHOD(LogFixture, "log: a plugin cannot forge lines or drive the terminal",
                 "[observe]") {
  Log log(terminal, clock, {});

  log.info("one\n22:13:20.123Z error two\x1b[2J");

  CHECK(std::count(shown.begin(), shown.end(), '\n') == 1);
  CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(LogFixture, "log: a pattern in a message is only text", "[observe]") {
  Log log(terminal, clock, {});

  log.info("100 %v {} {0} %s");

  CHECK_THAT(shown, Contains("100 %v {} {0} %s"));
}

TEST_CASE_METHOD(LogFixture, "log: secrets are blotted out of messages and fields in both formats",
                 "[observe]") {
  const LogFormat format = GENERATE(LogFormat::kText, LogFormat::kJson);
  Log log(terminal, clock, {LogLevel::kInfo, format, false});
  log.add_secret("pa\"ss");
  log.add_secret("pa\"ssword");
  log.add_secret("");

  log.write(LogLevel::kInfo, "login with pa\"ssword and pa\"ss",
            {{"url", "postgres://u:pa\"ssword@h"}});

  CHECK(shown.find("pa") == std::string::npos);
  CHECK_THAT(shown, Contains("login with *** and ***") && Contains("postgres://u:***@h"));
}

TEST_CASE("log: redaction takes the longest secret and every occurrence", "[observe]") {
  Secrets secrets;
  secrets.add("abc");
  secrets.add("abcdef");

  CHECK(secrets.redact("abcabcdefabc") == "*********");
  CHECK(secrets.redact("ab") == "ab");
}

TEST_CASE("log: levels and formats are parsed, and what is allowed is said", "[observe]") {
  CHECK(*parse_log_level("debug") == LogLevel::kDebug);
  CHECK(*parse_log_level("off") == LogLevel::kOff);
  CHECK(*parse_log_format("json") == LogFormat::kJson);
  CHECK(parse_log_level("loud").status().code() == Code::kUsage);
  CHECK_THAT(parse_log_level("loud").status().message(),
             Contains("\"loud\"") && Contains("debug, info, warn"));
  CHECK_THAT(parse_log_format("xml").status().message(), Contains("text, json"));
}

TEST_CASE_METHOD(LogFixture, "log: many threads write whole lines while secrets are added",
                 "[observe]") {
  Log log(terminal, clock, {});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&log, thread] {
      for (int line = 0; line < 100; ++line) {
        log.add_secret("secret-" + std::to_string(thread * 100 + line));
        log.info("message");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(shown.size() == 400 * std::string("22:13:20.123Z info  message\n").size());
}

}  // namespace chunkmill::host
