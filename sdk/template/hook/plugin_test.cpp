#include "plugin.cpp"

#include <chunkmill/testing.hpp>
#include <iostream>

int main() {
  chunkmill::testing::MemoryHost host;
  chunkmill::testing::HookRun run(chunkmill::testing::hook_api<@CLASS@>(), {{"every", 2}}, &host);

  for (const int rows : {10, 20, 30}) run.event("chunk", {{"chunk_size", rows}}).expect_ok();
  run.event("run_end").expect_ok();

  const bool right = host.log.size() == 2 && host.log[0].text == "2 chunks, 30 rows" &&
                     host.log[1].text == "3 chunks, 60 rows";
  std::cout << (right ? "passed\n" : "FAILED\n");
  return right ? 0 : 1;
}
