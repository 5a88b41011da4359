#include "framework/run/preview.hpp"

#include <algorithm>

#include "framework/run/reject_records.hpp"
#include "framework/run/run_context.hpp"

namespace chunkmill::host {
namespace {

std::string stage_name(const Stage& stage) {
  if (!stage.is_route) return stage.calculators[0].calculator.module().label();
  std::string text = "route";
  for (size_t i = 0; i < stage.calculators.size(); ++i)
    text += (i == 0 ? " " : ", ") + stage.route_values[i] + " to " +
            stage.calculators[i].calculator.module().name();
  return text;
}

// Appends the rows of `piece`; `numbers[row]` is the record number of each input row.
void append(PreviewRows* rows, const Piece& piece, const std::vector<int64_t>& numbers) {
  if (piece.batch.row_count() == 0) return;
  rows->batches.push_back(piece.batch);
  for (int64_t row = 0; row < piece.batch.row_count(); ++row) {
    const int64_t parent = piece.parent(row);
    rows->parents.push_back(parent < 0 ? 0 : numbers[static_cast<size_t>(parent)]);
  }
}

// The number of each good record of `chunk`, the first record of which is number `first`.
std::vector<int64_t> record_numbers(const Chunk& chunk, int64_t first) {
  std::vector<int64_t> unreadable;
  for (const RowReject& reject : chunk.rejects)
    if (reject.row < 0) unreadable.push_back(reject.ordinal);
  std::sort(unreadable.begin(), unreadable.end());
  std::vector<int64_t> numbers;
  for (int64_t row = 0; row < chunk.input.row_count(); ++row)
    numbers.push_back(first + ordinal_of_row(row, unreadable));
  return numbers;
}

// Takes chunks through the stages and gathers what comes out.
class Previewer {
 public:
  Previewer(Pipeline& pipeline, CalculatorLanes lanes, RunContext& context)
      : lanes_(std::move(lanes)), context_(context) {
    out_.stages.push_back({pipeline.source->module().label(), "main", {}, {}});
    for (const Stage& stage : pipeline.stages)
      out_.stages.push_back({stage_name(stage), "main", {}, {}});
    for (size_t i = 1; i < pipeline.streams.size(); ++i)
      out_.streams.push_back({"", pipeline.streams[i].name, {}, {}});
  }

  Status add(Chunk chunk);
  Preview take() { return std::move(out_); }
  int64_t records() const { return out_.records; }

 private:
  CalculatorLanes lanes_;
  RunContext& context_;
  Preview out_;
};

Status Previewer::add(Chunk chunk) {
  if (chunk.records == 0) return Status();
  const int64_t first = out_.records + 1;
  out_.records += chunk.records;
  const std::vector<int64_t> numbers = record_numbers(chunk, first);
  append(&out_.stages[0], Piece{chunk.input, {}}, numbers);

  const std::string& split = chunk.reader->split().id;
  cm_chunk facts{};
  facts.struct_size = sizeof facts;
  facts.split = to_abi(split);
  facts.sequence = chunk.sequence;
  facts.begin = to_abi(chunk.begin);
  facts.end = to_abi(chunk.end);
  facts.attempt = 1;
  Streams streams;
  std::vector<Piece> stages;
  RETURN_IF_ERROR(lanes_.calculate(facts, chunk, &streams, &stages));
  for (size_t i = 0; i < stages.size(); ++i) append(&out_.stages[i + 1], stages[i], numbers);
  for (size_t i = 0; i < out_.streams.size(); ++i)
    for (const Piece& piece : streams.pieces[i + 1]) append(&out_.streams[i], piece, numbers);

  settle_rejects(&chunk);
  ASSIGN_OR_RETURN(std::vector<Reject> rejects, reject_records(context_, chunk));
  for (Reject& reject : rejects) {
    reject.ordinal += first;
    out_.rejects.push_back(std::move(reject));
  }
  return Status();
}

}  // namespace

Result<Preview> preview(Pipeline& pipeline, int64_t rows, Log* log, Metrics* metrics) {
  ASSIGN_OR_RETURN(std::vector<Split> splits, pipeline.source->plan(1));
  ASSIGN_OR_RETURN(CalculatorLanes lanes, CalculatorLanes::open(pipeline));
  std::vector<SplitReader> readers;
  std::vector<SplitStart> starts;
  for (Split& split : splits) {
    SplitStart start;
    start.split = std::move(split);
    starts.push_back(start);
    readers.emplace_back(pipeline, readers.size(), std::move(start));
  }
  RunContext context;
  context.pipeline = &pipeline;
  context.log = log;
  context.metrics = metrics;
  context.board =
      std::make_unique<SplitBoard>(std::move(readers), starts, SplitBoard::Rules{true, false});

  Previewer previewer(pipeline, std::move(lanes), context);
  for (size_t i = 0; i < splits.size() && previewer.records() < rows; ++i) {
    while (previewer.records() < rows) {
      const ReadLimits limits{static_cast<uint64_t>(rows - previewer.records()), 0, 0};
      ASSIGN_OR_RETURN(std::optional<Chunk> chunk, context.board->reader(i).next(limits));
      if (!chunk) break;
      RETURN_IF_ERROR(previewer.add(std::move(*chunk)));
    }
  }
  return previewer.take();
}

}  // namespace chunkmill::host
