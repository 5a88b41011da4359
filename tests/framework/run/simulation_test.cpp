// The scheduler, the board, the chunk runner, the state file: the real ones, with seeded faults, in
// an order of threads that the seed chooses, killed and resumed. After each seed every row of the
// input is where it belongs, once.
//   CHUNKMILL_SEED=N test_run "[seeds]"                       one seed again
//   CHUNKMILL_FIRST_SEED=F CHUNKMILL_SEEDS=N test_run "[seeds]"   so many from F on; ctest runs 10,000
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "framework/run/session.hpp"
#include "sim_world.hpp"

namespace chunkmill::host {
namespace {

namespace fs = std::filesystem;

using simulation::Broken;
using simulation::Plan;
using simulation::SimClock;
using simulation::SimThreads;
using simulation::Target;
using simulation::World;

constexpr uint64_t kSeeds = 200;

std::string job_text(const Plan& plan) {
  std::ostringstream text;
  text << "job: sim\nsource: {type: sim}\ncalculators: [{type: sim}]\nsinks:\n";
  for (size_t i = 0; i < plan.sinks; ++i)
    text << "  - {type: " << (plan.ahead ? "sim_ahead" : "sim") << ", target: " << i
         << ", fallback: " << plan.fallback << "}\n";
  text << "chunk: {rows: " << plan.chunk_rows << "}\nworkers: " << plan.workers
       << "\nretry: {attempts: 4}\nerrors: {max_failed_percent: 100%";
  for (const int64_t most : plan.max_rejects) text << ", max_rejects: " << most;
  text << "}\n";
  text << "# the sink " << (plan.shows_order ? "shows order" : "shows no order") << ", "
       << (plan.atomic_write     ? "writes a batch whole or not at all"
           : plan.per_row_result ? "keeps the good rows of a batch and names the others"
                                 : "leaves some rows of a batch that fails")
       << "\n# splits: " << plan.splits << " of " << plan.rows_per_split
       << " rows; bad: " << plan.bad_records.size() << " records, " << plan.bad_rows.size()
       << " calculated, " << plan.refused_rows.size() << " refused\n";
  return text.str();
}

// A folder with a job and its state, and the state as it was when a process was killed.
class Scratch {
 public:
  explicit Scratch(const std::string& job) {
    // Memory, where there is such a folder: ten thousand jobs need no disk.
    std::string name = (fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) +
                       std::string("/chunkmill-simulation-XXXXXX");
    path_ = mkdtemp(name.data());
    fs::create_directory(path_ / "state");
    std::ofstream(path_ / "job.yaml") << job;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove_all(path_); }

  std::string job() const { return path_ / "job.yaml"; }
  fs::path state() const { return path_ / "state"; }
  void take_picture() const {
    fs::remove_all(path_ / "picture");
    fs::copy(state(), path_ / "picture");
  }
  void go_back() const {
    fs::remove_all(state());
    fs::rename(path_ / "picture", state());
  }

 private:
  fs::path path_;
};

// What became of the job, and what the state says of its rejects.
struct Ending {
  RunEnd end = RunEnd::kFailed;
  std::string message;
  int64_t processes = 0;
  std::multiset<int64_t> rejected;
  bool adds_up = true;
};

std::multiset<int64_t> committed_rejects(StateStore& state) {
  std::multiset<int64_t> ids;
  RejectFilter filter;
  filter.committed = true;
  const auto found = state.find_rejects(filter);
  if (!found.ok()) return ids;
  for (const Reject& reject : *found)
    ids.insert(std::stoll(reject.message.substr(reject.message.rfind(' ') + 1)));
  return ids;
}

bool is_over(RunEnd end) {
  return end == RunEnd::kSuccess || end == RunEnd::kPartialSuccess || end == RunEnd::kUpToDate;
}

// One process of the job.
void run_process(World& world, const Scratch& scratch, uint64_t seed, Ending* ending) {
  const auto process = static_cast<size_t>(ending->processes++);
  SimThreads threads(seed * 101 + process);
  SimClock clock(threads, 1'700'000'000'000 + static_cast<int64_t>(process) * 3'600'000);
  SessionOptions options;
  options.state_folder = scratch.state();
  options.log.level = LogLevel::kOff;
  options.modules = simulation::modules();
  options.clock = &clock;
  options.threads = &threads;
  auto session = JobSession::make(std::move(options));
  REQUIRE(session.ok());
  const auto& plan = world.plan;
  const bool planned = process < plan.kills.size();
  world.begin(&threads, &(*session)->cancelled(), planned ? plan.kills[process] : 0,
              planned ? plan.stops[process] : 0, process < 12, [&] { scratch.take_picture(); });
  Status status = (*session)->load(scratch.job());
  if (status.ok()) status = (*session)->bind(Patience::kNone);
  if (status.ok()) status = (*session)->open_state(OpenMode::kCreate);
  INFO(status.message());
  REQUIRE(status.ok());
  const RunOutcome outcome = (*session)->run(RunOptions());
  ending->end = world.was_killed() ? RunEnd::kStopped : outcome.end;
  ending->message = outcome.failure.message();
  ending->adds_up = world.was_killed() || outcome.totals.adds_up();
  if (!world.was_killed()) ending->rejected = committed_rejects((*session)->state());
}

Ending run_to_the_end(World& world, const Scratch& scratch, uint64_t seed) {
  Ending ending;
  while (ending.processes < 30) {
    run_process(world, scratch, seed, &ending);
    if (world.was_killed()) {
      scratch.go_back();
    } else if (is_over(ending.end) || ending.message.find("max_rejects") != std::string::npos) {
      break;
    }
  }
  return ending;
}

// What is wrong after a seed; empty: nothing.
std::string fault_of(const World& world, const Ending& ending) {
  const Plan& plan = world.plan;
  std::multiset<int64_t> good, bad;
  for (int64_t split = 0; split < plan.splits; ++split)
    for (int64_t at = 0; at < plan.rows_per_split; ++at) {
      const int64_t id = plan.id(split, at);
      (plan.is_good(id) ? good : bad).insert(id);
    }
  if (!ending.adds_up) return "the counts of the run do not add up";
  if (!plan.max_rejects.empty()) {
    const auto most = static_cast<size_t>(plan.max_rejects[0]);
    if (ending.rejected.size() > most)
      return std::to_string(ending.rejected.size()) + " rejects are committed, allowed are " +
             std::to_string(most);
    if (bad.size() > most)
      return is_over(ending.end) ? "the run ended well, though there are too many rejects" : "";
  }
  if (!is_over(ending.end))
    return "the run did not end after " + std::to_string(ending.processes) +
           " processes: " + ending.message;
  if (ending.rejected != bad)
    return std::to_string(ending.rejected.size()) + " rows are rejected, and " +
           std::to_string(bad.size()) + " are bad, or they are others";
  for (const Target& target : world.targets) {
    const std::multiset<int64_t> rows(target.rows.begin(), target.rows.end());
    if (rows != good)
      return std::to_string(rows.size()) + " rows are in the sink, and " +
             std::to_string(good.size()) + " are good, or they are others";
    if (plan.shows_order && !std::is_sorted(target.rows.begin(), target.rows.end()))
      return "rows are not in the order of the source";
    uint64_t in = 0, out = 0, rejected = 0;
    for (const auto& [split, state] : target.splits) {
      in += state.counts.rows_in;
      out += state.counts.rows_out;
      rejected += state.counts.rows_rejected;
    }
    if (in != good.size() + bad.size() || out != good.size() || rejected != bad.size())
      return "the ledger counts " + std::to_string(in) + " = " + std::to_string(out) + " + " +
             std::to_string(rejected);
  }
  return {};
}

// Runs a seed; empty: all is well.
std::string fault_of_seed(uint64_t seed, Broken broken = Broken::kNot, uint64_t* steps = nullptr) {
  World world(seed, broken);
  World::current() = &world;
  const Scratch scratch(job_text(world.plan));
  const Ending ending = run_to_the_end(world, scratch, seed);
  World::current() = nullptr;
  if (steps != nullptr) *steps += static_cast<uint64_t>(ending.processes);
  return fault_of(world, ending);
}

uint64_t number_from(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("simulation: every row is in its place once, whatever fails in whatever order",
          "[simulation][seeds]") {
  if (std::getenv("CHUNKMILL_SEED") != nullptr) {
    const uint64_t seed = number_from("CHUNKMILL_SEED", 0);
    UNSCOPED_INFO(job_text(Plan(seed)));
    CHECK(fault_of_seed(seed) == "");
    return;
  }
  const uint64_t seeds = number_from("CHUNKMILL_SEEDS", kSeeds);
  const uint64_t first = number_from("CHUNKMILL_FIRST_SEED", 0);
  uint64_t processes = 0;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const std::string fault = fault_of_seed(seed, Broken::kNot, &processes);
    INFO("again with CHUNKMILL_SEED=" << seed << "\n" << job_text(Plan(seed)));
    REQUIRE(fault == "");
  }
  // Seeds in which nothing is killed or stopped would prove little.
  CHECK(processes > seeds + seeds / 2);
}

TEST_CASE("simulation: the same seed is the same run", "[simulation]") {
  for (const uint64_t seed : {3, 17, 99}) {
    std::vector<std::vector<int64_t>> rows;
    for (int i = 0; i < 2; ++i) {
      World world(seed, Broken::kNot);
      World::current() = &world;
      const Scratch scratch(job_text(world.plan));
      const Ending ending = run_to_the_end(world, scratch, seed);
      World::current() = nullptr;
      rows.push_back(world.targets[0].rows);
      rows.back().push_back(ending.processes);
    }
    CHECK(rows[0] == rows[1]);
  }
}

TEST_CASE("simulation: a sink that breaks its word is found", "[simulation]") {
  for (const Broken broken : {Broken::kDoubles, Broken::kForgets, Broken::kOutOfOrder}) {
    uint64_t found = 0;
    for (uint64_t seed = 0; seed < 200; ++seed)
      found += fault_of_seed(seed, broken).empty() ? 0 : 1;
    INFO(static_cast<int>(broken));
    CHECK(found > 5);
  }
}

}  // namespace chunkmill::host
