#include "framework/run/write.hpp"

#include <algorithm>

#include "framework/data/filter.hpp"
#include "framework/run/retry.hpp"

namespace chunkmill::host {
namespace {

// A chunk that fails as a whole is cut into pieces of this size before the failing ones are
// bisected: docs/engine.md, "Finding the bad rows".
constexpr int64_t kPiece = 250;

// Writes one piece of one stream.
class PieceWriter {
 public:
  PieceWriter(const BoundSink& sink, SinkLane& lane, uint32_t stream, const Piece& piece,
              Chunk& chunk, const OnFallback& on_fallback)
      : sink_(sink),
        lane_(lane),
        stream_(stream),
        piece_(piece),
        chunk_(chunk),
        on_fallback_(on_fallback) {}

  Status write() {
    const int64_t rows = piece_.batch.row_count();
    if (rows == 0) return Status();
    // Without an atomic write a failed batch leaves an unknown part of itself behind, so that only
    // single rows can be told apart.
    const bool atomic = sink_.abilities.atomic_write() || sink_.abilities.per_row_result();
    if (!atomic) return each_row(0, rows);
    const Status whole = write_range(0, rows);
    if (whole.ok() || !is_about_rows(whole)) return whole;
    if (whole.facts().code == CM_DATA) {
      if (sink_.spec->fallback == Fallback::kNone)
        return Status(Code::kThreshold,
                      whole.message() + "; `fallback: none` stops at the first bad row",
                      whole.facts());
      const bool sequential = sink_.spec->fallback == Fallback::kSequential;
      if (chunk_.fallback.empty()) {
        chunk_.fallback = sequential ? "sequential" : "bisect";
        on_fallback_(chunk_.fallback.c_str(), whole);
      }
      // A sink that names its bad rows judges them as parts of their batch, which row by row may be
      // another judgement: rows may refer to each other.
      ASSIGN_OR_RETURN(const bool done, without_named_rows());
      if (done) return Status();
      if (sequential) return each_row(0, rows);
    }
    chunk_.too_large |= whole.facts().code == CM_TOO_LARGE;
    // The row that the sink named is cut out first.
    if (const int64_t named = whole.facts().row; rows > 1 && named >= 0 && named < rows) {
      RETURN_IF_ERROR(in_pieces(0, named));
      RETURN_IF_ERROR(bisect(named, 1));
      return in_pieces(named + 1, rows - named - 1);
    }
    return in_pieces(0, rows);
  }

 private:
  static bool is_about_rows(const Status& status) {
    return status.facts().code == CM_DATA || status.facts().code == CM_TOO_LARGE;
  }

  // Most sinks name every bad row at once: the others then go in together. False: rows were bad
  // even so, and must be looked for.
  Result<bool> without_named_rows() {
    if (errors_.empty()) return false;
    std::vector<RowError> named = std::move(errors_);
    std::vector<bool> is_bad(static_cast<size_t>(piece_.batch.row_count()));
    for (const RowError& error : named) is_bad[static_cast<size_t>(error.row)] = true;
    std::vector<int64_t> good;
    for (int64_t row = 0; row < piece_.batch.row_count(); ++row)
      if (!is_bad[static_cast<size_t>(row)]) good.push_back(row);
    errors_.clear();
    if (!good.empty()) {
      const Status status = lane_.write(stream_, filter(piece_.batch, good), errors_);
      if (is_about_rows(status)) return false;
      RETURN_IF_ERROR(status);
    }
    for (RowError& error : named) {
      const int64_t row = error.row;
      RETURN_IF_ERROR(reject(row, std::move(error)));
    }
    return true;
  }

  Status write_range(int64_t first, int64_t count) {
    errors_.clear();
    const bool whole = first == 0 && count == piece_.batch.row_count();
    const Status status = whole ? lane_.write(stream_, piece_.batch, errors_)
                                : lane_.write(stream_, piece_.batch.slice(first, count), errors_);
    const bool kept_others =
        sink_.abilities.per_row_result() && status.facts().code == CM_DATA && !errors_.empty();
    if (!status.ok() && !kept_others) return status;
    for (RowError& error : errors_) {
      const int64_t row = error.row + first;
      RETURN_IF_ERROR(reject(row, std::move(error)));
    }
    return Status();
  }

  Status in_pieces(int64_t first, int64_t count) {
    for (int64_t done = 0; done < count; done += kPiece)
      RETURN_IF_ERROR(bisect(first + done, std::min(kPiece, count - done)));
    return Status();
  }

  Status bisect(int64_t first, int64_t count) {
    if (count <= 0) return Status();
    const Status status = write_range(first, count);
    if (status.ok() || !is_about_rows(status)) return status;
    if (count == 1) return reject_one(first, status);
    const int64_t named = status.facts().row;
    if (named >= 0 && named < count) {
      RETURN_IF_ERROR(bisect(first, named));
      RETURN_IF_ERROR(bisect(first + named, 1));
      return bisect(first + named + 1, count - named - 1);
    }
    RETURN_IF_ERROR(bisect(first, count / 2));
    return bisect(first + count / 2, count - count / 2);
  }

  Status each_row(int64_t first, int64_t count) {
    for (int64_t row = first; row < first + count; ++row) {
      errors_.clear();  // what an earlier call reported is not about this row
      const Status status =
          lane_.has_write_row() ? lane_.write_row(stream_, piece_.batch, row) : write_range(row, 1);
      if (status.ok()) continue;
      if (!is_about_rows(status)) return status;
      RETURN_IF_ERROR(reject_one(row, status));
    }
    return Status();
  }

  // The sink's word on this row alone: its report of it, or the failure itself.
  Status reject_one(int64_t row, const Status& status) {
    RowError error;
    if (!errors_.empty()) error = std::move(errors_.front());
    if (error.code.empty()) error.code = code_of(status);
    if (error.message.empty()) error.message = status.message();
    return reject(row, std::move(error));
  }

  static std::string code_of(const Status& status) {
    if (!status.facts().sqlstate.empty()) return "sqlstate_" + status.facts().sqlstate;
    return status.facts().code == CM_TOO_LARGE ? "row_too_large" : "refused_by_sink";
  }

  Status reject(int64_t row, RowError error) {
    if (piece_.parent(row) < 0)
      return Status(Code::kUnavailable, sink_.sink.module().label() +
                                            " refuses a row that was made of several input "
                                            "rows, so that none of them can be rejected for it: " +
                                            error.message);
    chunk_.rejects.push_back({piece_.parent(row), 0, RejectStage::kWrite, &sink_.sink.module(),
                              std::move(error), chunk_.attempt});
    return Status();
  }

  const BoundSink& sink_;
  SinkLane& lane_;
  const uint32_t stream_;
  const Piece& piece_;
  Chunk& chunk_;
  const OnFallback& on_fallback_;
  std::vector<RowError> errors_;
};

// Adds `count` rows of `piece` from `first` on to `parts`, halved until each part has at most `most`
// bytes or is a row: that one is the sink's to refuse.
void add_parts(const Piece& piece, int64_t first, int64_t count, uint64_t most,
               std::vector<Piece>* parts) {
  Batch batch = piece.batch.slice(first, count);
  if (count > 1 && batch.byte_size() > most) {
    add_parts(piece, first, count / 2, most, parts);
    add_parts(piece, first + count / 2, count - count / 2, most, parts);
    return;
  }
  std::vector<int64_t> parents;
  for (int64_t row = first; row < first + count; ++row) parents.push_back(piece.parent(row));
  parts->push_back({std::move(batch), std::move(parents)});
}

// Writes a piece in batches as large as the sink takes them.
Status write_piece(const BoundSink& sink, SinkLane& lane, uint32_t stream, const Piece& piece,
                   Chunk& chunk, const OnFallback& on_fallback) {
  const uint64_t most = sink.abilities.max_batch_bytes;
  if (most == 0 || piece.batch.byte_size() <= most)
    return PieceWriter(sink, lane, stream, piece, chunk, on_fallback).write();
  std::vector<Piece> parts;
  add_parts(piece, 0, piece.batch.row_count(), most, &parts);
  for (const Piece& part : parts)
    RETURN_IF_ERROR(PieceWriter(sink, lane, stream, part, chunk, on_fallback).write());
  return Status();
}

}  // namespace

Status write_streams(const BoundSink& sink, SinkLane& lane, const Streams& streams, Chunk& chunk,
                     const OnFallback& on_fallback) {
  for (size_t i = 0; i < sink.streams.size(); ++i) {
    for (const Piece& piece : streams.pieces[sink.streams[i]]) {
      const size_t rejects = chunk.rejects.size();
      const Status status =
          write_piece(sink, lane, static_cast<uint32_t>(i), piece, chunk, on_fallback);
      if (sink.required[i] || is_transient(status)) {
        RETURN_IF_ERROR(status);
        continue;
      }
      // A table that is not required: its failures are counted, and the chunk goes on without them.
      const auto failed = static_cast<double>(chunk.rejects.size() - rejects) +
                          (status.ok() ? 0.0 : static_cast<double>(piece.batch.row_count()));
      chunk.rejects.resize(rejects);
      if (failed > 0)
        chunk.metrics.record(MetricKind::kAdd,
                             "not_required_rows_failed." + sink.spec->tables[i].table, failed);
    }
  }
  return Status();
}

}  // namespace chunkmill::host
