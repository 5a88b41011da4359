#include "framework/run/tally.hpp"

#include "framework/observe/text.hpp"
#include "framework/run/retried.hpp"

namespace chunkmill::host {
namespace {

bool same_rows(const SinkTally& said, const RowCounts& counted) {
  return said.read == counted.read && said.written == counted.written &&
         said.rejected == counted.rejected && said.filtered == counted.filtered;
}

SinkTally said_of(const Tally& tally) {
  const RowCounts rows = row_counts(tally.counts);
  SinkTally out;
  out.splits = static_cast<int64_t>(tally.splits);
  out.read = rows.read;
  out.written = rows.written;
  out.rejected = rows.rejected;
  out.filtered = rows.filtered;
  return out;
}

// The sums over the splits of this run's plan, for sinks that cannot sum up themselves, and for
// runs whose ledger holds splits that are in no plan any more.
Result<SinkTally> ask_each_split(RunContext& context, SinkLanes& sink) {
  Tally out;
  for (size_t i = 0; i < context.board->split_count(); ++i) {
    const std::string& split = context.board->reader(i).split().id;
    ASSIGN_OR_RETURN(const std::optional<SplitState> state,
                     retried(context, "tally", [&] { return sink.committed(split); }));
    if (!state) continue;
    ++out.splits;
    out.counts += state->counts;
  }
  return said_of(out);
}

std::string words_for(int64_t read, int64_t written, int64_t rejected, int64_t filtered) {
  return "read " + with_thousands(read) + " = written " + with_thousands(written) + " + rejected " +
         with_thousands(rejected) + " + filtered " + with_thousands(filtered);
}

}  // namespace

Result<std::vector<SinkTally>> ask_sinks(RunContext& context, const RowCounts& counted) {
  std::vector<SinkTally> out;
  for (SinkLanes& sink : context.sinks) {
    ASSIGN_OR_RETURN(const std::optional<Tally> tally,
                     retried(context, "tally", [&] { return sink.tally(context.run); }));
    const bool can_ask_each = !context.shared && sink.bound().abilities.keeps_position();
    SinkTally said;
    // A shared run whose ledger holds splits that are in no plan any more has no numbers to
    // compare.
    if (tally && context.shared && tally->splits > context.board->split_count()) continue;
    if (tally) {
      said = said_of(*tally);
    } else if (!can_ask_each) {
      continue;
    }
    if (can_ask_each && (!tally || !same_rows(said, counted))) {
      ASSIGN_OR_RETURN(said, ask_each_split(context, sink));
    }
    said.sink = sink.bound().sink.module().label();
    said.agrees = same_rows(said, counted);
    out.push_back(std::move(said));
  }
  return out;
}

Status check_tallies(const std::vector<SinkTally>& sinks, const RowCounts& counted) {
  for (const SinkTally& said : sinks) {
    if (said.agrees) continue;
    PluginFacts facts;
    facts.code = CM_INTERNAL;
    return Status(
        Code::kPlugin,
        said.sink + " and this run do not agree on what is committed: the sink's ledger says " +
            words_for(said.read, said.written, said.rejected, said.filtered) + " in " +
            with_thousands(said.splits) + " splits, this run has counted " +
            words_for(counted.read, counted.written, counted.rejected, counted.filtered) +
            "; rows are missing or doubled, and the run is not called finished. Tell the author of "
            "the plugin, and begin anew with `--restart`",
        facts);
  }
  return Status();
}

}  // namespace chunkmill::host
