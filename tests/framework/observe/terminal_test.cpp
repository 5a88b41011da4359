#include "framework/observe/terminal.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host {

TEST_CASE("terminal: a line is written above the status line", "[observe]") {
  std::string shown;
  Terminal terminal([&](std::string_view text) { shown += text; });
  terminal.set_status("50%");
  shown.clear();

  terminal.write("hello\n");

  CHECK(shown == "\r\x1b[Khello\n50%");
}

TEST_CASE("terminal: without a status line nothing is added", "[observe]") {
  std::string shown;
  Terminal terminal([&](std::string_view text) { shown += text; });

  terminal.write("hello\n");

  CHECK(shown == "hello\n");
}

TEST_CASE("terminal: a status line is cleared once and an unchanged one not drawn again",
          "[observe]") {
  std::string shown;
  Terminal terminal([&](std::string_view text) { shown += text; });
  terminal.set_status("50%");
  terminal.set_status("50%");
  CHECK(shown == "\r\x1b[K50%");
  shown.clear();

  terminal.set_status("");
  terminal.set_status("");
  terminal.write("x\n");

  CHECK(shown == "\r\x1b[Kx\n");
}

}  // namespace chunkmill::host
