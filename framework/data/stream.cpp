#include "framework/data/stream.hpp"

#include <cerrno>
#include <new>

namespace chunkmill::host {
namespace {

// One exported column with a life of its own: a receiver may keep it longer than the batch.
void release_column(ArrowArray* array) {
  delete static_cast<Column*>(array->private_data);
  array->release = nullptr;
}

struct ExportedBatch {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* buffers[1] = {nullptr};
};

void release_batch(ArrowArray* array) {
  const std::unique_ptr<ExportedBatch> exported(static_cast<ExportedBatch*>(array->private_data));
  for (ArrowArray& child : exported->children) {
    if (child.release != nullptr) child.release(&child);
  }
  array->release = nullptr;
}

struct ExportedStream {
  Schema schema;
  std::vector<Batch> batches;
  size_t next = 0;
};

ExportedStream& exported(ArrowArrayStream* stream) {
  return *static_cast<ExportedStream*>(stream->private_data);
}

// C callers must not see an exception; only memory can run out here.
template <typename Body>
int as_errno(Body body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return as_errno([&] { exported(stream).schema.export_to(out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  return as_errno([&] {
    ExportedStream& state = exported(stream);
    *out = {};
    if (state.next == state.batches.size()) return;
    export_batch(state.batches[state.next], out);
    // The receiver's share is the only one from now on: a large table goes away piece by piece as
    // it is consumed.
    state.batches[state.next++] = Batch();
  });
}

const char* stream_error(ArrowArrayStream* /*stream*/) { return "out of memory"; }

void release_stream(ArrowArrayStream* stream) {
  delete &exported(stream);
  stream->release = nullptr;
}

// A stream whose batches are made when they are asked for.
struct PulledStream {
  Schema schema;
  std::function<Result<std::optional<Batch>>()> next;
  bool ended = false;
  int failed = 0;
  std::string why;
};

PulledStream& pulled(ArrowArrayStream* stream) {
  return *static_cast<PulledStream*>(stream->private_data);
}

int errno_of(const Status& status) {
  if (status.facts().retryable || status.code() == Code::kUnavailable) return EAGAIN;
  return status.code() == Code::kJob ? EINVAL : EIO;
}

int pulled_next(ArrowArrayStream* stream, ArrowArray* out) {
  PulledStream& state = pulled(stream);
  *out = {};
  if (state.failed != 0) return state.failed;
  if (state.ended) return 0;
  const int memory = as_errno([&] {
    const Result<std::optional<Batch>> batch = state.next();
    if (!batch.ok()) {
      state.why = batch.status().message();
      state.failed = errno_of(batch.status());
    } else if (*batch) {
      export_batch(**batch, out);
    } else {
      state.ended = true;
    }
  });
  return memory != 0 ? memory : state.failed;
}

}  // namespace

void export_batch(const Batch& batch, ArrowArray* out) {
  auto body = std::make_unique<ExportedBatch>();
  body->children.resize(batch.column_count());
  body->pointers.reserve(batch.column_count());
  // Anything that throws comes before the first child that would have to be released.
  std::vector<std::unique_ptr<Column>> owners;
  for (const Column& column : batch.columns()) owners.push_back(std::make_unique<Column>(column));
  for (size_t i = 0; i < owners.size(); ++i) {
    ArrowArray& child = body->children[i];
    child = owners[i]->abi();
    child.release = &release_column;
    child.private_data = owners[i].release();
    body->pointers.push_back(&child);
  }
  *out = {};
  out->length = batch.row_count();
  out->n_buffers = 1;
  out->buffers = body->buffers;
  out->n_children = static_cast<int64_t>(body->children.size());
  out->children = body->pointers.empty() ? nullptr : body->pointers.data();
  out->release = &release_batch;
  out->private_data = body.release();
}

UniqueStream export_stream(Schema schema, std::vector<Batch> batches) {
  auto body = std::make_unique<ExportedStream>();
  body->schema = std::move(schema);
  body->batches = std::move(batches);
  UniqueStream stream;
  stream->get_schema = &stream_schema;
  stream->get_next = &stream_next;
  stream->get_last_error = &stream_error;
  stream->release = &release_stream;
  stream->private_data = body.release();
  return stream;
}

UniqueStream export_stream(Schema schema, std::function<Result<std::optional<Batch>>()> next) {
  auto body = std::make_unique<PulledStream>();
  body->schema = std::move(schema);
  body->next = std::move(next);
  UniqueStream stream;
  stream->get_schema = [](ArrowArrayStream* self, ArrowSchema* out) {
    return as_errno([&] { pulled(self).schema.export_to(out); });
  };
  stream->get_next = &pulled_next;
  stream->get_last_error = [](ArrowArrayStream* self) {
    return pulled(self).failed == 0 ? "out of memory" : pulled(self).why.c_str();
  };
  stream->release = [](ArrowArrayStream* self) {
    delete &pulled(self);
    self->release = nullptr;
  };
  stream->private_data = body.release();
  return stream;
}

}  // namespace chunkmill::host
