// Writing the streams of a chunk into one sink, and finding the bad rows where a batch does not go
// in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "framework/plan/pipeline.hpp"
#include "framework/run/calculate.hpp"
#include "framework/run/chunk.hpp"

namespace chunkmill::host {

// Told once a chunk when its batches had to be taken apart: the fallback's name and the failure
// that led to it.
using OnFallback = std::function<void(const char* fallback, const Status& why)>;

// Writes the streams that are wired to `sink` into `lane`, which must have an open chunk, in batches
// of at most the sink's max_batch_bytes; a larger row is a batch by itself. Rows that the sink
// refuses are added to chunk.rejects by their input rows. Fails, with the chunk to be aborted, on
// everything that is not about single rows: lost connections, missing tables, and bad rows under
// `fallback: none`.
Status write_streams(const BoundSink& sink, SinkLane& lane, const Streams& streams, Chunk& chunk,
                     const OnFallback& on_fallback);

}  // namespace chunkmill::host
