#include "plugins/hooks/jsonl/jsonl_hook.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/csv_sink/plugin_rig.hpp"

using namespace chunkmill;
using testing::HookRun;
using testing::List;
using testing::Map;

namespace {

const cm_hook_api& kHook = testing::hook_api<jsonl_hook::JsonlHook>();

const Map kChunk{{"split", "a.csv#0"}, {"errors", List{Map{{"code", "bad\n\"number\""}}}}};

}  // namespace

TEST_CASE("jsonl hook: every event is appended as one line", "[jsonl_hook]") {
  const rig::Folder folder;
  folder.write("events.jsonl", "{\"of\":\"before\"}\n");
  HookRun hook(kHook, {{"path", folder.path("events.jsonl")}});

  hook.event("run_start", {{"job", "j"}}).expect_ok();
  hook.event("chunk", kChunk).expect_ok();
  hook.event("run_end").expect_ok();

  CHECK(folder.read("events.jsonl") ==
        "{\"of\":\"before\"}\n"
        "{\"event\":\"run_start\",\"job\":\"j\"}\n"
        "{\"event\":\"chunk\",\"split\":\"a.csv#0\",\"errors\":[{\"code\":\"bad\\n\\\"number\\\"\"}"
        "]}\n"
        "{\"event\":\"run_end\"}\n");
}

TEST_CASE("jsonl hook: only the events asked for are kept", "[jsonl_hook]") {
  const rig::Folder folder;
  HookRun hook(kHook, {{"path", folder.path("e")}, {"events", List{"run_end", "retry"}}});

  hook.event("run_start").expect_ok();
  hook.event("retry").expect_ok();

  CHECK(folder.read("e") == "{\"event\":\"retry\"}\n");
  CHECK(HookRun(kHook, {{"path", "e"}, {"events", "chunks"}}).created.message ==
        "there is no event \"chunks\"; did you mean \"chunk\"?");
}

TEST_CASE("jsonl hook: where it cannot write it says so, and tries again", "[jsonl_hook]") {
  const rig::Folder folder;
  HookRun hook(kHook, {{"path", folder.path("sub/e")}});

  CHECK(hook.event("chunk", kChunk).message ==
        "the folder " + folder.path("sub") + " for " + folder.path("sub/e") +
            " is not there; create it: mkdir -p " + folder.path("sub"));
  std::filesystem::create_directory(folder.path("sub"));
  hook.event("chunk", kChunk).expect_ok();
  CHECK(folder.has("sub/e"));
  HookRun full(kHook, {{"path", "/dev/full"}});
  CHECK(full.event("chunk", kChunk).code == CM_FULL);
}
