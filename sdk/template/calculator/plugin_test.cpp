#include "plugin.cpp"

#include <chunkmill/testing.hpp>
#include <iostream>

int main() {
  using Lines = std::vector<std::string>;
  chunkmill::testing::CalculatorRun run(chunkmill::testing::calculator_api<@CLASS@>(),
                                        {{"factor", 1.5}});

  run.feed(chunkmill::testing::Rows("id,amount:float; a,10; b,; c,-1; d,4"));

  const bool right =
      run.lines() == Lines{"15", "6"} && run.reject_codes() == "null_value negative_amount";
  std::cout << (right ? "passed\n" : "FAILED\n");
  return right ? 0 : 1;
}
