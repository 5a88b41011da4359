#include "plugins/hooks/jsonl/jsonl_hook.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/plugins/csv_sink/plugin_rig.hpp"

using namespace chunkmill;
using jsonl_hook::JsonlHook;
using rig::Value;

namespace {

void tell(JsonlHook& hook, std::string_view name, const Value& fields) {
  const cm_options tree = rig::as_options(fields);
  hook.event(name, EventValue({&tree, tree.root}));
}

const Value kChunk = Value::map(
    {{"split", "a.csv#0"}, {"errors", Value::list({Value::map({{"code", "bad\n\"number\""}})})}});

}  // namespace

TEST_CASE("jsonl hook: every event is appended as one line", "[jsonl_hook]") {
  const rig::Folder folder;
  folder.write("events.jsonl", "{\"of\":\"before\"}\n");
  const auto hook = rig::make<JsonlHook>({{"path", folder.path("events.jsonl")}});

  tell(*hook, "run_start", Value::map({{"job", "j"}}));
  tell(*hook, "chunk", kChunk);
  tell(*hook, "run_end", Value::map({}));

  CHECK(folder.read("events.jsonl") ==
        "{\"of\":\"before\"}\n"
        "{\"event\":\"run_start\",\"job\":\"j\"}\n"
        "{\"event\":\"chunk\",\"split\":\"a.csv#0\",\"errors\":[{\"code\":\"bad\\n\\\"number\\\"\"}"
        "]}\n"
        "{\"event\":\"run_end\"}\n");
}

TEST_CASE("jsonl hook: only the events asked for are kept", "[jsonl_hook]") {
  const rig::Folder folder;
  const auto hook = rig::make<JsonlHook>(
      {{"path", folder.path("e")}, {"events", Value::list({"run_end", "retry"})}});

  tell(*hook, "run_start", Value::map({}));
  tell(*hook, "retry", Value::map({}));

  CHECK(folder.read("e") == "{\"event\":\"retry\"}\n");
  CHECK(rig::message_of([] {
          rig::make<JsonlHook>({{"path", "e"}, {"events", "chunks"}});
        }) == "there is no event \"chunks\"; did you mean \"chunk\"?");
}

TEST_CASE("jsonl hook: where it cannot write it says so, and tries again", "[jsonl_hook]") {
  const rig::Folder folder;
  const auto hook = rig::make<JsonlHook>({{"path", folder.path("sub/e")}});
  const auto event = [&] { tell(*hook, "chunk", kChunk); };

  CHECK(rig::message_of(event) == "the folder " + folder.path("sub") + " for " +
                                      folder.path("sub/e") + " is not there; create it: mkdir -p " +
                                      folder.path("sub"));
  std::filesystem::create_directory(folder.path("sub"));
  event();
  CHECK(folder.has("sub/e"));
  CHECK(rig::code_of([&] {
          tell(*rig::make<JsonlHook>({{"path", "/dev/full"}}), "chunk", kChunk);
        }) == CM_FULL);
}
