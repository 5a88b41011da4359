#include "chunkmill/error.hpp"

#include <catch2/catch.hpp>
#include <new>
#include <stdexcept>
#include <string>

namespace chunkmill {
namespace {

template <typename F>
cm_error guarded(F&& call) {
  cm_error error = empty_error();
  const cm_code code = detail::guard(&error, call);
  CHECK(code == error.code);
  return error;
}

}  // namespace

TEST_CASE("guard: an Error crosses with all its facts", "[sdk]") {
  const cm_error error = guarded([]() -> cm_code {
    throw Error(CM_UNAVAILABLE, "the server is gone")
        .at("orders")
        .retryable_if(true)
        .retry_after(250)
        .vendor(-7)
        .sqlstate("08006")
        .row(3);
  });

  CHECK(error.code == CM_UNAVAILABLE);
  CHECK(error.message == std::string("the server is gone"));
  CHECK(error.where == std::string("orders"));
  CHECK(error.retryable == 1);
  CHECK(error.retry_after_ms == 250);
  CHECK(error.vendor_code == -7);
  CHECK(error.sqlstate == std::string("08006"));
  CHECK(error.row == 3);
}

TEST_CASE("guard: what else is thrown is a bug of the plugin, and memory is a matter of size",
          "[sdk]") {
  const cm_error bug = guarded([]() -> cm_code { throw std::runtime_error("broken"); });
  const cm_error strange = guarded([]() -> cm_code { throw 42; });
  const cm_error memory = guarded([]() -> cm_code { throw std::bad_alloc(); });

  CHECK(bug.code == CM_INTERNAL);
  CHECK(bug.message == std::string("broken"));
  CHECK(bug.row == -1);
  CHECK(strange.code == CM_INTERNAL);
  CHECK(strange.message[0] != '\0');
  CHECK(memory.code == CM_TOO_LARGE);
}

TEST_CASE("guard: nobody has to ask for the details", "[sdk]") {
  CHECK(detail::guard(nullptr, []() -> cm_code { throw Error(CM_IO, "x"); }) == CM_IO);
  CHECK(detail::guard(nullptr, []() -> cm_code { throw 1; }) == CM_INTERNAL);
  CHECK(detail::guard(nullptr, [] { return CM_END; }) == CM_END);
}

TEST_CASE("guard: a long message is cut between characters", "[sdk]") {
  for (size_t lead = 1018; lead <= 1024; ++lead) {
    std::string message(lead, 'a');
    for (int i = 0; i < 5; ++i) message += "€";  // three bytes each

    const cm_error error = guarded([&]() -> cm_code { throw Error(CM_DATA, message); });

    const std::string kept = error.message;
    INFO(lead);
    CHECK(kept.size() <= sizeof error.message - 1);
    CHECK(kept.size() >= sizeof error.message - 3);
    CHECK(message.starts_with(kept));
    // What was cut off begins with a character's first byte.
    CHECK((static_cast<unsigned char>(message[kept.size()]) & 0xC0) != 0x80);
  }
}

TEST_CASE("guard: a message that just fits is whole", "[sdk]") {
  const std::string message(sizeof(cm_error::message) - 1, 'm');

  const cm_error error = guarded([&]() -> cm_code { throw Error(CM_DATA, message); });

  CHECK(error.message == message);
}

TEST_CASE("guard: sqlstate and place end where their room ends", "[sdk]") {
  const cm_error error = guarded([]() -> cm_code {
    throw Error(CM_DATA, "x").at(std::string(500, 'w')).sqlstate("123456789");
  });

  CHECK(std::string(error.where) == std::string(sizeof error.where - 1, 'w'));
  CHECK(std::string(error.sqlstate) == "1234567");
}

}  // namespace chunkmill
