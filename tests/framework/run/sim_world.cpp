#include "sim_world.hpp"

namespace chunkmill::simulation {

Plan::Plan(uint64_t seed) {
  std::minstd_rand random(seed * 31 + 7);
  random.discard(3);
  const auto among = [&](int64_t least, int64_t most) {
    return least + static_cast<int64_t>(random() % static_cast<uint64_t>(most - least + 1));
  };
  const auto chance = [&](int64_t percent) { return among(1, 100) <= percent; };
  splits = among(1, 4);
  rows_per_split = among(0, 12);
  chunk_rows = among(1, 6);
  workers = among(1, 3);
  sinks = static_cast<size_t>(among(1, 2));
  shows_order = chance(50);
  ahead = chance(40);
  per_row_result = chance(40);
  atomic_write = !per_row_result && chance(60);
  fallback = chance(70) ? "bisect" : "sequential";
  const bool calm = chance(20);
  const auto rate = [&](int64_t most) { return calm ? 0 : among(0, most); };
  read_fails = rate(120);
  calculate_fails = rate(80);
  write_fails = rate(120);
  commit_fails = rate(120);
  answers_lost = rate(120);
  const int64_t bad = chance(50) ? among(0, 20) : 0;  // percent of all rows
  for (int64_t split = 0; split < splits; ++split)
    for (int64_t at = 0; at < rows_per_split; ++at) {
      if (!chance(bad)) continue;
      std::set<int64_t>* const kinds[] = {&bad_records, &bad_rows, &refused_rows};
      kinds[among(0, 2)]->insert(id(split, at));
    }
  if (chance(15)) max_rejects.push_back(among(0, 4));
  for (int64_t process = among(0, 3); process > 0; --process) {
    kills.push_back(chance(60) ? static_cast<uint64_t>(among(1, 120)) : 0);
    stops.push_back(kills.back() == 0 ? static_cast<uint64_t>(among(1, 80)) : 0);
  }
}

void World::begin(SimThreads* threads, std::atomic<bool>* cancelled, uint64_t kill, uint64_t stop,
                  bool with_faults, std::function<void()> take_picture) {
  threads_ = threads;
  cancelled_ = cancelled;
  kill_ = kill;
  stop_ = stop;
  with_faults_ = with_faults;
  take_picture_ = std::move(take_picture);
  steps_ = 0;
  killed_ = false;
}

void World::step() {
  if (!killed_) {
    ++steps_;
    if (steps_ == stop_) *cancelled_ = true;
    if (steps_ == kill_) {
      take_picture_();
      killed_ = true;
      *cancelled_ = true;
    }
  }
  threads_->yield();
  if (killed_) throw Error(CM_PERMISSION, "the process is killed");
}

bool World::happens(int64_t per_mille) {
  return with_faults_ && static_cast<int64_t>(random_() % 1000) < per_mille;
}

void World::step_that_may_fail(int64_t per_mille, const char* call) {
  step();
  if (happens(per_mille))
    throw Error(CM_UNAVAILABLE, std::string(call) + " cannot be answered now");
}

}  // namespace chunkmill::simulation
