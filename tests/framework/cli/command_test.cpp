#include "framework/cli/command.hpp"

#include <catch2/catch.hpp>

#include "framework/cli/verbs.hpp"

namespace chunkmill::host::cli {

TEST_CASE("command line: every verb has a name of its own and finds itself", "[cli]") {
  for (const Verb& verb : verbs()) {
    CHECK(std::string(verb_named(verb.name).name) == verb.name);
    CHECK(std::string(verb.summary).size() < 70);
  }
}

TEST_CASE("command line: an operand in brackets may be left out", "[cli]") {
  const options::options_description none("options");
  options::variables_map values;

  const auto done = parse(verb_named("runs show"), none, {"JOB", "[RUN]"}, {"job.yaml"}, &values);

  CHECK_FALSE(done.has_value());
  CHECK(operand(values, "JOB") == "job.yaml");
  CHECK(operand(values, "RUN").empty());
}

TEST_CASE("command line: a kind of plugin that is mistyped is met with the nearest", "[cli]") {
  CHECK(*read_kind("sink") == Kind::kSink);
  CHECK(read_kind("calculater").status().message() ==
        "there is no kind of plugin \"calculater\"; did you mean \"calculator\"?");
  CHECK(read_kind("zzz").status().code() == Code::kUsage);
}

TEST_CASE("exit codes: each failure has the one of docs/exit-codes.md", "[cli]") {
  CHECK(exit_code_of(Code::kOk) == 0);
  CHECK(exit_code_of(Code::kThreshold) == 4);
  CHECK(exit_code_of(Code::kUsage) == 64);
  CHECK(exit_code_of(Code::kUnavailable) == 69);
  CHECK(exit_code_of(Code::kPlugin) == 70);
  CHECK(exit_code_of(Code::kState) == 74);
  CHECK(exit_code_of(Code::kJob) == 78);
  CHECK(exit_code_of(Code::kCancelled) == 130);
}

}  // namespace chunkmill::host::cli
