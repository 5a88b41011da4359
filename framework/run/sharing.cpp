#include "framework/run/sharing.hpp"

#include <unistd.h>

#include <algorithm>

namespace chunkmill::host {

bool shares_splits(const Pipeline& pipeline) {
  const auto keeps_rows = [](const BoundSink& bound) { return !bound.abilities.forgets(); };
  if (std::count_if(pipeline.sinks.begin(), pipeline.sinks.end(), keeps_rows) != 1) return false;
  const auto keeper = std::find_if(pipeline.sinks.begin(), pipeline.sinks.end(), keeps_rows);
  return keeper->sink.shares() && !pipeline.ordered_calculation &&
         pipeline.source->rerun() != CM_RERUN_CONTINUE;
}

Result<bool> claim_split(RunContext& context, SplitBoard::Turn* turn) {
  SplitReader& reader = context.board->reader(turn->split);
  const std::string& id = reader.split().id;
  const auto keeper = std::find_if(context.sinks.begin(), context.sinks.end(),
                                   [](SinkLanes& s) { return !s.bound().abilities.forgets(); });
  ASSIGN_OR_RETURN(const std::optional<SplitState> state, keeper->claim(id));
  if (!state) {
    context.board->put_aside(*turn);
    return false;
  }
  const RowCounts counts = row_counts(state->counts);
  {
    const Lock lock(context.mutex);
    context.split_counts[turn->split] = counts;
  }
  const SplitRecord record{id,          state->position, state->next_chunk,
                           state->done, counts,          state->epoch};
  RETURN_IF_ERROR(context.state->save_splits(context.run.run, {&record, 1}));
  if (state->done) {
    context.board->done(*turn);
    return false;
  }
  RETURN_IF_ERROR(
      context.state->drop_rejects_from(context.run.run, id, state->next_chunk, state->epoch));
  SplitStart start;
  start.position = state->position;
  start.next_chunk = state->next_chunk;
  start.epoch = state->epoch;
  reader.begin_at(start);
  context.board->claimed(turn, state->next_chunk);
  return true;
}

Result<bool> give_up_if_lost(RunContext& context, const Status& status, size_t split,
                             uint64_t claim, uint64_t sequence) {
  if (!context.shared) return false;
  const bool is_fenced = status.facts().code == CM_FENCED;
  if (!is_fenced && context.board->holds(split, claim)) return false;
  const SplitReader& reader = context.board->reader(split);
  if (is_fenced) {
    const std::string& id = reader.split().id;
    RETURN_IF_ERROR(
        context.state->drop_rejects_from(context.run.run, id, sequence, reader.epoch()));
    context.log->write(LogLevel::kWarn, status.message() + "; reading other splits meanwhile",
                       {{"split", id}});
    context.board->lost(split, claim);
  }
  return true;
}

std::string owner_text(uint64_t epoch) {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  constexpr size_t kLongestName = 100;
  return std::string(name).substr(0, kLongestName) + ":" + std::to_string(getpid()) + "." +
         std::to_string(epoch);
}

}  // namespace chunkmill::host
