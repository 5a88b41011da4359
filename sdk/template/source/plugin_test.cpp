#include "plugin.cpp"

#include <chunkmill/testing.hpp>
#include <iostream>

int main() {
  using Lines = std::vector<std::string>;
  const auto& api = chunkmill::testing::source_api<@CLASS@>();
  chunkmill::testing::SourceRun run(api, {{"count", 5}});

  const bool all = run.lines(2) == Lines{"0", "1", "2", "3", "4"};
  run.open("all", "3").expect_ok();
  const bool rest = run.rest() == Lines{"3", "4"};
  const bool refused = run.open("all", "elsewhere").code == CM_INVALID;

  std::cout << (all && rest && refused ? "passed\n" : "FAILED\n");
  return all && rest && refused ? 0 : 1;
}
