#include "plugin.cpp"

#include <chunkmill/testing.hpp>
#include <iostream>

int main() {
  using chunkmill::testing::Rows;
  const auto& api = chunkmill::testing::sink_api<@CLASS@>();
  chunkmill::testing::SinkRun run(api, {{"separator", "|"}});
  chunkmill::testing::SinkRun refuses(api);
  const Rows rows("name,city; Ada,London; Bob,");

  const bool written = run.start(rows.schema()).ok() && run.chunk(0, rows, true).ok();
  const bool refused = refuses.start(Rows("n:int64").schema()).says("only text is printed");

  std::cout << (written && refused ? "passed\n" : "FAILED\n");
  return written && refused ? 0 : 1;
}
