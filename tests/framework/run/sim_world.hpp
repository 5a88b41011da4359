// The world of a simulated job: what its input holds, what its sinks hold, and what goes wrong when.
// It outlives the processes that the job is killed in.
#pragma once

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "chunkmill/sink.hpp"
#include "sim_threads.hpp"

namespace chunkmill::simulation {

// A sink whose rows and ledger are in memory, as a database would hold them.
struct Target {
  std::string job;
  LedgerRun run;
  std::map<std::string, SplitState, std::less<>> splits;
  std::vector<int64_t> rows;  // ids, in the order of their commits
};

// How a broken sink breaks its word. The simulation must find each of them.
enum class Broken {
  kNot,
  kDoubles,     // begins a chunk that is committed already
  kForgets,     // moves the ledger and loses the rows
  kOutOfOrder,  // says that it shows order, and puts a chunk's rows in front
};

// One seed's choices.
struct Plan {
  explicit Plan(uint64_t seed);

  int64_t splits, rows_per_split, chunk_rows, workers;
  size_t sinks;
  bool shows_order, ahead;
  bool atomic_write, per_row_result;  // at most one of them
  std::string fallback;
  int64_t read_fails, calculate_fails, write_fails, commit_fails, answers_lost;  // per mille
  std::set<int64_t> bad_records, bad_rows, refused_rows;                         // ids
  std::vector<int64_t> max_rejects;                                              // none or one
  std::vector<uint64_t> kills, stops;  // at which step of which process; 0: not

  int64_t rows() const { return splits * rows_per_split; }
  int64_t id(int64_t split, int64_t at) const { return split * 1000 + at; }
  bool is_good(int64_t id) const {
    return !bad_records.contains(id) && !bad_rows.contains(id) && !refused_rows.contains(id);
  }
  size_t bad_count() const { return bad_records.size() + bad_rows.size() + refused_rows.size(); }
};

class World {
 public:
  World(uint64_t seed, Broken is_broken)
      : plan(seed), broken(is_broken), targets(plan.sinks), random_(seed * 7919 + 1) {}

  // A process begins: the `kill`th and `stop`th steps from now are its last, or the one at which it
  // is asked to stop. `take_picture` is called when it is killed.
  void begin(SimThreads* threads, std::atomic<bool>* cancelled, uint64_t kill, uint64_t stop,
             bool with_faults, std::function<void()> take_picture);
  // A step of a plugin, at which others may run. Throws once the process is killed: what comes after
  // that leaves no trace.
  void step();
  // As step(), and fails now and then, so that the host tries again.
  void step_that_may_fail(int64_t per_mille, const char* call);
  bool happens(int64_t per_mille);
  bool was_killed() const { return killed_; }

  const Plan plan;
  const Broken broken;
  std::vector<Target> targets;

  // The one that the plugins of this program are in.
  static World*& current() {
    static World* world = nullptr;
    return world;
  }

 private:
  SimThreads* threads_ = nullptr;
  std::atomic<bool>* cancelled_ = nullptr;
  std::function<void()> take_picture_;
  std::minstd_rand random_;
  uint64_t steps_ = 0, kill_ = 0, stop_ = 0;
  bool killed_ = false;
  bool with_faults_ = true;
};

// The plugins of the simulation, to be loaded into a session.
std::vector<const cm_module*> modules();

}  // namespace chunkmill::simulation
