// Pipeline: a job whose plugins are loaded, whose schemas agree and whose streams are wired. What
// run/ drives.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/status.hpp"
#include "framework/job/fault.hpp"
#include "framework/job/spec.hpp"
#include "framework/plan/lookups.hpp"
#include "framework/plan/services.hpp"
#include "framework/plugin/calculator.hpp"
#include "framework/plugin/hook.hpp"
#include "framework/plugin/registry.hpp"
#include "framework/plugin/sink.hpp"
#include "framework/plugin/source.hpp"

namespace chunkmill::host {

// A stream as sinks see it. Stream 0 is the main stream; the others are those that calculators put
// out beside it.
struct PipelineStream {
  std::string name;
  std::shared_ptr<const Schema> schema;  // shared with every batch of the stream
};

// A calculator in its place.
struct BoundCalculator {
  Calculator calculator;
  std::vector<StreamDecl> streams;
  std::shared_ptr<const Schema>
      input;  // shared with every batch that is cast to it; null: batches come in it already
  std::shared_ptr<const Schema>
      output;  // of the main stream after this calculator; shared with its batches
  std::vector<bool>
      reads;  // by column of the input: false where it neither asked nor carries it on
  std::vector<size_t> stream_index;  // of each of its streams, in Pipeline::streams; [0] is unused
};

// One step of the main stream: a calculator, or a route that sends each row to one of several by a
// column's value. The cases of a route have the same main stream.
struct Stage {
  std::vector<BoundCalculator> calculators;  // one; or the cases of a route
  bool is_route = false;
  size_t route_column = 0;                // of the input; routes alone
  std::vector<std::string> route_values;  // beside `calculators`; routes alone
  Otherwise otherwise = Otherwise::kReject;
};

struct BoundSink {
  const SinkSpec* spec = nullptr;
  Sink sink;
  Abilities abilities;
  std::vector<size_t> streams;  // of Pipeline::streams, in the order of write()'s stream index
  std::vector<bool> required;   // beside `streams`: false may fail without failing the chunk
};

// Everything a run needs, in the order of its construction: what is used outlives what uses it.
// Move-only. Threads: see each plugin handle; all else is read-only once bound.
struct Pipeline {
  std::unique_ptr<const JobSpec> spec;
  std::unique_ptr<Lookups> lookups;
  std::vector<std::unique_ptr<Services>> services;

  std::unique_ptr<Source> source;
  // Held while a worker opens a split: calls of the source itself must not overlap.
  std::unique_ptr<Mutex> source_control = std::make_unique<Mutex>();
  std::shared_ptr<const Schema> read_schema;  // shared with every batch the source gives
  std::shared_ptr<const Schema> input;  // what the first stage sees; differs where the host casts
  bool pushed_down = false;             // the source itself selects and types columns
  std::shared_ptr<const Schema> source_schema;  // all columns there are; may be read_schema itself

  std::vector<Stage> stages;
  std::vector<PipelineStream> streams;
  std::vector<BoundSink> sinks;
  std::vector<Hook> hooks;

  bool ordered = false;              // chunks are committed in the source's order
  bool ordered_calculation = false;  // they must be calculated in it too
  // One output row for each input row, in the main stream only, in whatever order: rejected rows
  // can be cut out of the output.
  bool row_for_row = true;
  // What the cases of a route put out is to be one batch: a sink is a database, for which each
  // batch is statements and waits of its own.
  bool joins_routes = false;
};

// Loads, configures and binds all plugins of `spec`, without moving a row or changing anything;
// lookups are read. All faults that can be found are added to `faults` at their places in the job
// file; then the result is kJob (or the first plugin's or connection's failure, when it is that).
// `registry` and what `surroundings` points to must outlive the pipeline.
Result<Pipeline> bind(JobSpec spec, Registry& registry, const Surroundings& surroundings,
                      Faults* faults);

// What the names of parts begin with that are inputs of the source; each has its content as text.
inline const std::string kInputPart = "input: ";

// What identifies the job's meaning and its input: parts by name, for the fingerprint that guards a
// resume. Opens the input.
Result<std::vector<std::pair<std::string, std::string>>> fingerprint_parts(Pipeline& pipeline);

}  // namespace chunkmill::host
