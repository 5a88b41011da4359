// A calculator plugin's object and its lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "framework/core/status.hpp"
#include "framework/data/batch.hpp"
#include "framework/plugin/call.hpp"
#include "framework/plugin/row_error.hpp"

namespace chunkmill::host {

// A column that a calculator reads.
struct Need {
  std::string column;
  bool optional = false;
  std::optional<Field> type;  // only type, precision and scale count; none: as it comes
  std::string unit;           // empty: any
  std::string option;  // path of the option that named the column, for messages; may be empty
};

// An output stream. The first of a calculator is its main stream.
struct StreamDecl {
  std::string name;
  uint32_t flags = 0;                    // CM_STREAM_*
  std::shared_ptr<const Schema> schema;  // shared: every batch of the stream refers to it

  bool row_for_row() const { return (flags & CM_STREAM_ROW_FOR_ROW) != 0; }
  bool append() const { return (flags & CM_STREAM_APPEND) != 0; }
};

// A batch that a calculator put out. `parents[i]` is the input row that row i came from, -1 if
// there is no single one; empty for a ROW_FOR_ROW stream.
struct EmittedBatch {
  uint32_t stream = 0;
  Batch batch;
  std::vector<int64_t> parents;
};

// Everything one process() or flush() put out, in order. Batches of a ROW_FOR_ROW stream add up to
// the input's rows.
struct Emitted {
  std::vector<EmittedBatch> batches;
  std::vector<RowError> errors;  // rows of the input that were rejected
  size_t bytes = 0;              // of all batches
  size_t most_bytes = SIZE_MAX;  // more is not kept: process() and flush() then fail
};

// Whether process() or flush() failed as they put out more than Emitted::most_bytes. facts().row
// says how many input rows it was made of, as far as the parents tell.
bool makes_too_much(const Status& status);
// True while a calculator's call on this thread puts out more than is kept: it should come back
// soon.
bool output_is_full();

using CalculatorObject = Owned<cm_calculator_api, cm_calculator>;
using CalculatorLaneObject = Owned<cm_calculator_api, cm_calculator_lane>;

// CalculatorLane is one worker's calculator. Move-only; closes itself. Its Calculator must outlive
// it. Threads: one call at a time; any thread.
class CalculatorLane {
 public:
  // Appends to `out`. kPlugin where the plugin emits to a stream it did not declare, an array that
  // is not of the stream's schema, a parent that is no row of `input`, or another number of rows on
  // a ROW_FOR_ROW stream; `out` holds what came before that.
  Status process(const cm_chunk& chunk, const Batch& input, Emitted& out);
  // After the last batch of each chunk; parents refer to that batch. Ok where the plugin has no
  // flush.
  Status flush(const cm_chunk& chunk, Emitted& out);

 private:
  friend class Calculator;
  CalculatorLane(std::unique_ptr<CalculatorLaneObject> object,
                 std::shared_ptr<const std::vector<StreamDecl>> streams)
      : object_(std::move(object)), streams_(std::move(streams)) {}

  std::unique_ptr<CalculatorLaneObject> object_;
  std::shared_ptr<const std::vector<StreamDecl>>
      streams_;  // shared with the Calculator and its other lanes
  int64_t last_input_rows_ = 0;
};

// Calculator is one configured calculator. Move-only; destroys itself. host outlives Calculator
// outlives CalculatorLane. Threads: one call at a time; any thread.
class Calculator {
 public:
  static Result<Calculator> create(const Module& module, const cm_host* host,
                                   const cm_options& options);

  const Module& module() const { return *object_->module; }
  bool ordered() const { return (module().flags() & CM_CALCULATOR_ORDERED) != 0; }
  bool pure() const { return (module().flags() & CM_CALCULATOR_PURE) != 0; }

  Result<std::vector<Need>> needs(const Schema& available);
  // `input` is the schema of the batches to come. Gives the output streams: at least one, the first
  // called "main", names unique.
  Result<std::vector<StreamDecl>> bind(const Schema& input);
  Result<CalculatorLane> open();

 private:
  explicit Calculator(std::unique_ptr<CalculatorObject> object) : object_(std::move(object)) {}

  std::unique_ptr<CalculatorObject> object_;
  std::shared_ptr<const std::vector<StreamDecl>> streams_;  // null until bound
};

}  // namespace chunkmill::host
