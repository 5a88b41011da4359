// Conformance: sinks and hooks.
#include <unistd.h>

#include "framework/conformance/checks.hpp"
#include "framework/plugin/hook.hpp"
#include "framework/plugin/sink.hpp"

namespace chunkmill::host {
namespace {

constexpr std::string_view kJob = "chunkmill-conformance";
constexpr std::string_view kSplit = "conformance";
constexpr std::string_view kEnd = "end of the first chunk";
constexpr int64_t kSinkRows = 5;

cm_chunk first_chunk(uint64_t epoch, const std::string& run) {
  cm_chunk chunk{};
  chunk.struct_size = sizeof chunk;
  chunk.attempt = 1;
  chunk.epoch = epoch;
  chunk.job = to_abi(kJob);
  chunk.run = to_abi(run);
  chunk.split = to_abi(kSplit);
  chunk.end = to_abi(kEnd);
  return chunk;
}

Status sane(const Abilities& abilities) {
  if (abilities.keeps_position() && !abilities.transactional()) {
    return finding("a sink that keeps the position must be transactional");
  }
  if (abilities.keeps_position() && abilities.forgets()) {
    return finding("a sink that keeps the position does not forget");
  }
  if (abilities.atomic_write() && abilities.per_row_result()) {
    return finding("a write cannot leave nothing behind and keep the good rows");
  }
  if (abilities.max_batch_bytes > 0 && abilities.max_batch_bytes < 1024) {
    return finding("no batch fits into " + std::to_string(abilities.max_batch_bytes) + " bytes");
  }
  return Status();
}

// SinkChecks are the checks on one sink with a small stream wired to it.
class SinkChecks {
 public:
  SinkChecks(Checklist& checks, const Subject& subject)
      : checks_(checks),
        subject_(subject),
        schema_(std::make_shared<const Schema>(Schema{
            {{"id", Type::kInt64, false}, {"name", Type::kUtf8}, {"amount", Type::kFloat64}}})),
        run_{std::string(kJob), "run-" + std::to_string(getpid()), "fingerprint", "conformance",
             1} {}

  void run() {
    std::optional<Sink> sink;
    if (!checks_.check("it binds to a small stream, with abilities that agree", [&]() -> Verdict {
          Result<Sink> made = make();
          if (!made.ok()) return made.status();
          sink.emplace(made.take());
          return bind(*sink);
        })) {
      return;
    }
    if (!checks_.check("it opens its target and attaches a run", [&]() -> Status {
          RETURN_IF_ERROR(sink->check());
          RETURN_IF_ERROR(sink->attach(run_));
          ASSIGN_OR_RETURN(const auto state, sink->committed(kSplit));
          return state ? finding("it knows a split of a run that has just begun") : Status();
        })) {
      return;
    }
    checks_.check("a chunk that is given up leaves nothing behind", [&] { return give_up(*sink); });
    if (!checks_.check("a chunk is written and committed", [&] { return commit(*sink); })) return;
    checks_.check("a committed chunk is not taken again", [&] { return again(*sink); });
    checks_.check("another object of the sink resumes where the first was",
                  [&] { return resume(sink); });
    checks_.check("it finishes the run, twice", [&]() -> Verdict {
      if (!sink) return Verdict::skipped("there is no sink that resumes");
      return finish(*sink);
    });
  }

 private:
  Status finish(Sink& sink) {
    RETURN_IF_ERROR(sink.finish(run_));
    RETURN_IF_ERROR(sink.finish(run_));
    if (!abilities_.keeps_position()) return Status();
    ASSIGN_OR_RETURN(const auto known, sink.ledger(kJob));
    const bool finished = known && known->finished && known->run == run_.run;
    return finished ? Status() : finding("ledger() does not say that the run is finished");
  }

  Result<Sink> make() {
    return Sink::create(subject_.module, subject_.host,
                        subject_.options ? *subject_.options : empty_options());
  }

  Verdict bind(Sink& sink) {
    const std::vector<SinkStream> streams{{"main", schema_}};
    const Result<Abilities> abilities = sink.bind(streams);
    if (!abilities.ok() && abilities.status().code() == Code::kJob) {
      return Verdict::skipped("these options do not take columns id, name and amount: " +
                              abilities.status().message());
    }
    if (!abilities.ok()) return abilities.status();
    abilities_ = *abilities;
    return sane(abilities_);
  }

  Status write(SinkLane& lane) {
    ASSIGN_OR_RETURN(const Batch batch, sample_batch(schema_, kSinkRows + 2, Nulls::kSome));
    std::vector<RowError> errors;
    // With an offset, and in two pieces, one of them empty.
    RETURN_IF_ERROR(lane.write(0, batch.slice(2, kSinkRows), errors));
    RETURN_IF_ERROR(lane.write(0, batch.slice(1, 0), errors));
    return errors.empty() ? Status() : finding("it rejects a row: " + errors[0].message);
  }

  Status give_up(Sink& sink) {
    ASSIGN_OR_RETURN(SinkLane lane, sink.open());
    const cm_chunk chunk = first_chunk(run_.epoch, run_.run);
    ASSIGN_OR_RETURN(const bool begun, lane.begin(chunk));
    if (!begun) return finding("begin() says that a chunk is committed which never was");
    lane.abort();
    ASSIGN_OR_RETURN(const bool once_more, lane.begin(chunk));
    if (!once_more) return finding("a chunk that was given up counts as committed");
    if (abilities_.transactional()) RETURN_IF_ERROR(write(lane));
    lane.abort();
    ASSIGN_OR_RETURN(const auto state, sink.committed(kSplit));
    return state && state->next_chunk > 0 ? finding("the ledger moved all the same") : Status();
  }

  Status commit(Sink& sink) {
    ASSIGN_OR_RETURN(SinkLane lane, sink.open());
    ASSIGN_OR_RETURN(const bool begun, lane.begin(first_chunk(run_.epoch, run_.run)));
    if (!begun) return finding("begin() says that a chunk is committed which never was");
    RETURN_IF_ERROR(write(lane));
    const cm_counts counts{sizeof(cm_counts), 0, kSinkRows, kSinkRows, 0, 0};
    return lane.commit(counts);
  }

  Verdict again(Sink& sink) {
    if (!abilities_.keeps_position()) return Verdict::skipped("it keeps no position");
    auto lane = sink.open();
    if (!lane.ok()) return lane.status();
    const auto begun = lane->begin(first_chunk(run_.epoch, run_.run));
    if (!begun.ok()) return begun.status();
    return *begun ? finding("begin() of a chunk that is committed should say CM_END") : Status();
  }

  // Leaves the other object in `sink`: the first one's epoch is over.
  Verdict resume(std::optional<Sink>& sink) {
    if (!abilities_.keeps_position()) return Verdict::skipped("it keeps no position");
    sink.reset();
    return [&]() -> Status {
      ASSIGN_OR_RETURN(Sink other, make());
      sink.emplace(std::move(other));
      const std::vector<SinkStream> streams{{"main", schema_}};
      RETURN_IF_ERROR(sink->bind(streams).status());
      run_.epoch += 1;
      RETURN_IF_ERROR(sink->attach(run_));
      ASSIGN_OR_RETURN(const auto state, sink->committed(kSplit));
      if (!state) return finding("it does not know the split that was committed");
      if (state->next_chunk != 1 || state->position != kEnd || state->counts.rows_in != kSinkRows) {
        return finding("it says chunk " + std::to_string(state->next_chunk) + ", position \"" +
                       state->position + "\", " + std::to_string(state->counts.rows_in) +
                       " rows in");
      }
      return Status();
    }();
  }

  Checklist& checks_;
  const Subject& subject_;
  const std::shared_ptr<const Schema> schema_;  // shared: batches refer to it
  Run run_;
  Abilities abilities_;
};

}  // namespace

void check_sink(Checklist& checks, const Subject& subject) {
  if (subject.options == nullptr) {
    checks.skip("what it writes", "give it options that name a scratch target to check more");
    return;
  }
  SinkChecks(checks, subject).run();
}

void check_hook(Checklist& checks, const Subject& subject) {
  if (subject.options == nullptr) {
    checks.skip("what it does", "give it options to check more");
    return;
  }
  checks.check("it takes events, also one that it does not know", [&]() -> Status {
    ASSIGN_OR_RETURN(Hook hook, Hook::create(subject.module, subject.host, *subject.options));
    for (const char* name : {"run_start", "chunk", "conformance_event", "run_end"}) {
      const Status status = hook.event(name, empty_options());
      if (status.code() == Code::kPlugin) return status;
    }
    return Status();
  });
}

}  // namespace chunkmill::host
