#include "plugin.cpp"

#include <chunkmill/testing.hpp>
#include <iostream>

int main() {
  chunkmill::testing::MemoryHost host;
  chunkmill::testing::CalculatorRun run(chunkmill::testing::calculator_api<OutOfTree>(),
                                        {{"columns", {{"amount", "value"}}}}, &host);

  run.feed(chunkmill::testing::Rows("id,value:float; a,1.5; b,; c,4"), 2);
  run.flush().expect_ok();

  const bool right = run.lines() == std::vector<std::string>{"3", "8"} &&
                     run.reject_codes() == "no_amount" && host.metrics["doubled_rows"] == 3 &&
                     host.log.at(0).text == "3 rows";
  std::cout << (right ? "passed\n" : "FAILED\n");
  return right ? 0 : 1;
}
