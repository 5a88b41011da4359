// A process that is killed between any two steps, and the same job again.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

constexpr int kChunks = 3;

// Kills the process when it is asked for the n-th time.
class Killer {
 public:
  explicit Killer(int at) : left_(at) {}
  void step() {
    if (left_-- == 0) kill(getpid(), SIGKILL);
  }

 private:
  int left_;
};

// As the host runs a job: looks where the ledger stands, writes what is missing, finishes. False:
// a call failed.
bool run_job(const Map& options, uint64_t epoch, Killer killer) {
  SqliteRun sink(options);
  std::string known;
  if (sink.bind({{"main", people()}}).code != CM_OK || sink.ledger(&known).code != CM_OK)
    return false;
  if (known.ends_with("finished\n")) return true;
  killer.step();
  if (sink.as("run-1", epoch).attach().code != CM_OK) return false;
  killer.step();
  SplitState state;
  const cm_code found = sink.committed("s", &state).code;
  if (found != CM_OK && found != CM_NOT_FOUND) return false;
  killer.step();
  if (sink.open().code != CM_OK) return false;
  for (uint64_t i = state.next_chunk; i < kChunks; ++i) {
    TestChunk chunk{i, state.position, "at " + std::to_string(i + 1), i + 1 == kChunks};
    chunk.epoch = epoch;
    if (sink.begin(chunk).code != CM_OK) return false;
    state.position = chunk.end;
    killer.step();
    const auto id = static_cast<int64_t>(i);
    if (sink.write(people_rows({{id, "a"}, {id + 10, "b"}}).abi()).code != CM_OK) return false;
    killer.step();
    if (sink.commit({2, 2}).code != CM_OK) return false;
    killer.step();
  }
  if (sink.finish().code != CM_OK) return false;
  killer.step();
  return true;
}

// Runs the job in a process of its own. True: it was killed.
bool is_killed(const Map& options, int at) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(run_job(options, 1, Killer(at)) ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) return true;
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

}  // namespace

TEST_CASE("sqlite: killed between any two steps, the job resumes and every row is there once",
          "[sqlite]") {
  const std::string mode = GENERATE("insert", "upsert", "replace");
  const std::string journal = GENERATE("wal", "delete");
  int kills = 0;
  for (bool killed = true; killed; ++kills) {
    const Folder folder;
    Map options{
        {"path", folder.file("a.db")}, {"table", "people"}, {"mode", mode}, {"journal", journal}};
    if (mode == "upsert") options.emplace_back("key", "id");
    INFO(mode << " " << journal << ", killed at step " << kills);

    killed = is_killed(options, kills);
    REQUIRE(run_job(options, 2, Killer(-1)));

    Database look(folder.file("a.db"));
    CHECK(look.rows("select group_concat(id), group_concat(name) from "
                    "(select * from people order by id)") == "0,1,2,10,11,12|a,a,a,b,b,b\n");
    CHECK(look.rows("select next_chunk, rows_in, done from chunkmill_split") == "3|6|1\n");
    CHECK(look.rows("select state from chunkmill_run") == "finished\n");
    CHECK(look.rows("pragma integrity_check") == "ok\n");
  }
  CHECK(kills == 3 + 3 * kChunks + 2);
}

}  // namespace chunkmill::sqlite
