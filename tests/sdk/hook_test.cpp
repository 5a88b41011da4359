#include <catch2/catch.hpp>

#include "chunkmill/testing/hook_run.hpp"

namespace chunkmill {
namespace {

using testing::hook_api;
using testing::HookRun;
using testing::List;
using testing::Map;
using testing::MemoryHost;

// Logs each event as JSON, counts rows.
class Teller : public Hook {
 public:
  static constexpr Info kInfo{"teller", "1.0.0", "Tells"};
  void event(std::string_view name, const EventValue& fields) override {
    if (name == "broken") throw Error(CM_IO, "cannot write");
    std::string line(name);
    JsonWriter json(&line);
    fields.write(&json);
    host().info(line);
    host().add("rows", fields["rows"].get<double>());
    host().set("last", static_cast<double>(fields["list"].size()));
    host().observe("ms", fields["ms"].get<double>(-1));
  }
};

}  // namespace

TEST_CASE("hook: an event is a tree of values", "[sdk]") {
  MemoryHost host;
  HookRun run(hook_api<Teller>(), {}, &host);

  REQUIRE(run.event("chunk", {{"job", "j"},
                              {"rows", 12},
                              {"ms", 1.5},
                              {"last", true},
                              {"none", testing::Value()},
                              {"list", List{1, "two", Map{{"three", 3}}}}})
              .ok());

  REQUIRE(host.log.size() == 1);
  CHECK(host.log[0].level == CM_LOG_INFO);
  CHECK(host.log[0].text == R"(chunk{"job":"j","rows":12,"ms":1.5,"last":true,"none":null,)"
                            R"("list":[1,"two",{"three":3}]})");
}

TEST_CASE("hook: metrics add up, are set, or are sampled", "[sdk]") {
  MemoryHost host;
  HookRun run(hook_api<Teller>(), {}, &host);

  REQUIRE(run.event("chunk", {{"rows", 12}, {"ms", 2}, {"list", List{1}}}).ok());
  REQUIRE(run.event("chunk", {{"rows", 3}, {"list", List{}}}).ok());

  CHECK(host.metrics["rows"] == 15);
  CHECK(host.metrics["last"] == 0);
  CHECK(host.observed["ms"] == std::vector<double>{2, -1});
}

TEST_CASE("hook: a failing event is a code", "[sdk]") {
  HookRun run(hook_api<Teller>());

  const testing::Outcome outcome = run.event("broken");

  CHECK(outcome.code == CM_IO);
  CHECK(outcome.message == "cannot write");
}

}  // namespace chunkmill
