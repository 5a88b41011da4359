// Batches for the other side to own: Arrow structs that live as long as their receiver wants.
#pragma once

#include <memory>
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

}  // namespace chunkmill::host
