// What a chunk does while chunks before it are not committed yet.
#include "framework/run/run_chunk.hpp"

namespace chunkmill::host {
void ChunkRunner::write_ahead(ReadyChunk* ready) {
  const Chunk& chunk = ready->chunk;
  if (chunk.input.column_count() == 0 ||
      context_->board->has_turn(chunk.split, chunk.claim, chunk.sequence) ||
      !context_->ahead->may_write())
    return;
  if (try_ahead(ready).ok()) return;
  // Whatever it was, a bad row or a lost connection, is dealt with when the chunk's turn comes.
  let_go(&ready->deliveries);
  ready->deliveries.clear();
}

Status ChunkRunner::try_ahead(ReadyChunk* ready) {
  Chunk& chunk = ready->chunk;
  const int64_t started = context_->clock->steady_ns();
  for (SinkLanes& sink : context_->sinks) ready->deliveries.emplace_back().lanes = &sink;
  for (Delivery& delivery : ready->deliveries) {
    const BoundSink& bound = delivery.lanes->bound();
    ASSIGN_OR_RETURN(delivery.lane, delivery.lanes->take());
    if (!delivery.lanes->pacer().wait(chunk.records, *context_->clock, *context_->cancelled))
      return Status(Code::kCancelled, "interrupted");
    Status status = delivery.lane->begin_ahead(facts(chunk));
    std::vector<RowError> errors;
    for (size_t i = 0; status.ok() && i < bound.streams.size(); ++i)
      for (const Piece& piece : ready->streams.pieces[bound.streams[i]])
        if (status.ok() && piece.batch.row_count() > 0)
          status = delivery.lane->write(static_cast<uint32_t>(i), piece.batch, errors);
    // A sink that judges each row has written the others; the bad ones are rejected in turn.
    if (status.ok() && !errors.empty()) status = Status(Code::kPlugin, "some rows are bad");
    delivery.broken = about_the_lane(status);
    RETURN_IF_ERROR(status);
    delivery.written = true;
  }
  const int64_t took = context_->clock->steady_ns() - started;
  chunk.times.write += took;
  context_->ahead->wrote(chunk.records, took);
  return Status();
}

bool ChunkRunner::await_turn(ReadyChunk* ready) {
  SplitBoard& board = *context_->board;
  const Chunk& chunk = ready->chunk;
  if (ready->is_written() && context_->ahead->locks()) {
    if (board.await_turn_for(chunk.split, chunk.claim, chunk.sequence,
                             context_->ahead->patience(chunk.records))) {
      context_->ahead->went_well();
    } else {
      let_go(&ready->deliveries);
      context_->ahead->given_up();
    }
  }
  if (board.await_turn(chunk.split, chunk.claim, chunk.sequence)) return true;
  let_go(&ready->deliveries);
  return false;
}

}  // namespace chunkmill::host
