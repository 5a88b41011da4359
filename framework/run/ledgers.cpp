#include "framework/run/ledgers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chunkmill::host {

std::string label_of(const BoundSink& sink) {
  const Value& options = sink.spec->plugin.options;
  for (const char* name : {"path", "table"})
    if (const Value* value = options.find(name); value != nullptr && value->is_scalar())
      return sink.spec->plugin.type + " (" + name + ": " + value->text() + ")";
  return sink.spec->plugin.type + " (" + sink.spec->plugin.path + ")";
}

Result<Ledgers> read_ledgers(Pipeline& pipeline, const std::string& job_id) {
  Ledgers out;
  for (BoundSink& bound : pipeline.sinks) {
    if (!bound.abilities.keeps_position()) continue;
    out.any_keeps = true;
    ASSIGN_OR_RETURN(std::optional<LedgerRun> run, bound.sink.ledger(job_id));
    if (!run) {
      out.missing.push_back(&bound);
      continue;
    }
    out.all_finished &= run->finished;
    out.all.push_back(*run);
    if (out.run && out.run->run != run->run) out.differ = true;
    if (out.run) continue;
    out.run = std::move(run);
    out.first = &bound;
  }
  return out;
}

namespace {

bool are_sinks_the_same(const FingerprintParts& before, const FingerprintParts& now) {
  const auto of_sinks = [](const FingerprintParts& parts) {
    FingerprintParts out;
    std::ranges::copy_if(parts, std::back_inserter(out),
                         [](const auto& part) { return part.first.starts_with("job: sinks"); });
    return out;
  };
  return of_sinks(before) == of_sinks(now);
}

}  // namespace

Result<bool> committed_nothing(Pipeline& pipeline, StateStore& state, const std::string& job_id,
                               const Ledgers& ledgers, const RunRecord& known,
                               const FingerprintParts& parts) {
  if (known.fingerprint_parts.empty()) return false;
  for (const LedgerRun& run : ledgers.all)
    if (run.run == known.run && run.finished) return false;
  bool ledgers_know = are_sinks_the_same(known.fingerprint_parts, parts);
  if (!ledgers_know && ledgers.all.size() + ledgers.missing.size() > 1) return false;
  for (BoundSink& bound : pipeline.sinks) {
    if (bound.abilities.forgets()) continue;
    const bool keeps = bound.abilities.keeps_position();
    if (keeps && std::ranges::count(ledgers.missing, &bound) > 0) continue;
    std::optional<Tally> tally;
    if (keeps) {
      ASSIGN_OR_RETURN(tally, bound.sink.tally(Run{job_id, known.run, known.fingerprint, {}}));
    }
    if (tally && tally->counts.rows_out > 0) return false;
    ledgers_know &= tally.has_value();
  }
  if (!ledgers_know && known.status == RunStatus::kRunning) return false;
  ASSIGN_OR_RETURN(const std::vector<SplitRecord> splits, state.splits(known.run));
  return std::ranges::all_of(splits, [](const SplitRecord& s) { return s.counts.written == 0; });
}

}  // namespace chunkmill::host
