#include "framework/cli/command_line.hpp"

#include <catch2/catch.hpp>

using namespace chunkmill::host;
using namespace chunkmill::host::cli;

namespace {

struct Fixture {
  RealClock clock;
  Terminal terminal;
  Log log{terminal, clock, LogSettings{}};
};

}  // namespace

TEST_CASE("command line: words that a shell would split or change are quoted", "[cli]") {
  CHECK(shell_word("job.yaml") == "job.yaml");
  CHECK(shell_word("a=b,c:d/e-f") == "a=b,c:d/e-f");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("two words") == "'two words'");
  CHECK(shell_word("source.path=[a.csv, b.csv]") == "'source.path=[a.csv, b.csv]'");
  CHECK(shell_word("$HOME `ls` *") == "'$HOME `ls` *'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("two\nlines, it's \\") == "$'two\\x0alines, it\\'s \\\\'");
}

TEST_CASE("command line: what may be a secret is starred out", "[cli]") {
  Fixture fixture;
  fixture.log.add_secret("Canary");

  CHECK(without_secrets("sinks.0.table=x", fixture.log) == "sinks.0.table=x");
  CHECK(without_secrets("sinks.0.url=postgresql://u:p@h/d", fixture.log) == "sinks.0.url=***");
  CHECK(without_secrets("sinks.0.api_token=abc", fixture.log) == "sinks.0.api_token=***");
  CHECK(without_secrets("sinks.0.url=${DATABASE_URL}", fixture.log) ==
        "sinks.0.url=${DATABASE_URL}");
  CHECK(without_secrets("sinks.0.target=x-Canary-y", fixture.log) == "sinks.0.target=x-***-y");
  CHECK(without_secrets("sinks.0.place=mysql://u:p%40ss@h:1/d", fixture.log) ==
        "sinks.0.place=mysql://u:***@h:1/d");
  CHECK(without_secrets("sinks.0.place=mysql://u@h:1/d", fixture.log) ==
        "sinks.0.place=mysql://u@h:1/d");
}

TEST_CASE("command line: verbs get the options that they take", "[cli]") {
  Fixture fixture;
  CommonOptions common;
  common.overrides = {"job=a b"};
  common.plugin_folders = {"more plugins"};
  common.state_folder = "state";
  common.shard = "0/2";
  common.locked = true;

  CHECK(command_line("run", "my job.yaml", common, fixture.log) ==
        "chunkmill run 'my job.yaml' --set 'job=a b' --state state --shard 0/2 --plugin-dir "
        "'more plugins' --locked");
  CHECK(command_line("rejects list", "job.yaml", common, fixture.log) ==
        "chunkmill rejects list job.yaml --set 'job=a b' --state state --shard 0/2");
}
