// Batches for the other side to own: Arrow structs that live as long as their receiver wants.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "framework/data/batch.hpp"

namespace chunkmill::host {

// Fills `out`, which held nothing. Values are shared, not copied. The receiver releases it, on any
// thread, also after the Batch is gone; children may be moved out and released on their own, as
// Arrow allows.
void export_batch(const Batch& batch, ArrowArray* out);

// A stream that gives `batches` in order, each once. `batches` have that schema.
UniqueStream export_stream(Schema schema, std::vector<Batch> batches);

// A stream that gives what `next` gives, until that is nothing. A failure is given as EINVAL where
// the job is at fault, EAGAIN where it may work later, else EIO, with its message; the stream gives
// it again then. `next` is called on the receiver's threads, one call at a time, and lives as long
// as the stream.
UniqueStream export_stream(Schema schema, std::function<Result<std::optional<Batch>>()> next);

}  // namespace chunkmill::host
