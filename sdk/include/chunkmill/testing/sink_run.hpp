// Drives a sink through its C table, as the host does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chunkmill/sink.hpp"
#include "chunkmill/testing/memory_host.hpp"
#include "chunkmill/testing/option_tree.hpp"
#include "chunkmill/testing/outcome.hpp"

namespace chunkmill::testing {

template <typename T>
const cm_sink_api& sink_api() {
  return chunkmill::detail::SinkAdapter<T>::kApi;
}

// One sink object and the lane that was opened last.
class SinkRun {
 public:
  explicit SinkRun(const cm_sink_api& api, Map options = {}, MemoryHost* host = nullptr)
      : api_(api),
        own_host_(host == nullptr ? std::make_unique<MemoryHost>() : nullptr),
        options_(std::move(options)) {
    const cm_options values = options_.abi();
    const cm_host* services = host == nullptr ? own_host_->abi() : host->abi();
    created = ask([&](cm_error* e) { return api_.create(services, &values, &self_, e); });
  }
  SinkRun(const SinkRun&) = delete;
  SinkRun& operator=(const SinkRun&) = delete;
  ~SinkRun() {
    close();
    if (self_ != nullptr) api_.destroy(self_);
  }

  Outcome created;
  cm_sink_abilities abilities{};  // of bind()
  Run run{"job", "run-1", "fingerprint", "test", 1};
  std::string split = "s";
  std::vector<BadRow> bad_rows;  // of the last write()

  Outcome bind(const std::vector<SinkStream>& streams);
  Outcome check() {
    return ask([&](cm_error* e) { return api_.check(self_, e); });
  }
  // Makes ready for `run`.
  Outcome attach() {
    const cm_run abi = run_abi();
    return ask([&](cm_error* e) { return api_.attach(self_, &abi, e); });
  }
  // The three lines that the ledger holds for the run's job.
  Outcome ledger(std::string* text) {
    const cm_out out = append_to(text);
    return ask([&](cm_error* e) { return api_.ledger(self_, to_abi(run.job), &out, e); });
  }
  Outcome committed(const std::string& of, SplitState* state);
  Outcome open() {
    close();
    return ask([&](cm_error* e) { return api_.open(self_, &lane_, e); });
  }
  void close() {
    if (lane_ != nullptr) api_.close(lane_);
    lane_ = nullptr;
  }
  // The chunk's strings live on until the next begin(), as the contract says.
  Outcome begin(TestChunk chunk) {
    chunk_ = std::move(chunk);
    const cm_chunk facts = chunk_.abi();
    return ask([&](cm_error* e) { return api_.begin(lane_, &facts, e); });
  }
  Outcome write(const ArrowArray* batch, uint32_t stream = 0) {
    bad_rows.clear();
    BadRows bad(&bad_rows);
    const cm_row_errors errors = bad.abi();
    return ask([&](cm_error* e) { return api_.write(lane_, stream, batch, &errors, e); });
  }
  Outcome commit(const Counts& counts = {}) {
    const cm_counts abi{sizeof(cm_counts),    0,
                        counts.rows_in,       counts.rows_out,
                        counts.rows_rejected, counts.rows_filtered};
    return ask([&](cm_error* e) { return api_.commit(lane_, &abi, e); });
  }
  void abort() { api_.abort(lane_); }
  Outcome finish() {
    const cm_run abi = run_abi();
    return ask([&](cm_error* e) { return api_.finish(self_, &abi, e); });
  }
  void interrupt() { api_.interrupt(self_); }

  // bind to one stream, attach, open; the first that fails.
  Outcome start(const Schema& schema) {
    if (!created.ok()) return created;
    Outcome outcome = bind({{"main", schema}});
    if (outcome.ok()) outcome = attach();
    if (outcome.ok()) outcome = open();
    return outcome;
  }
  // begin, write and commit chunk `sequence` of `split`; the first that fails, after abort(). Chunk
  // n begins at position "at n", the first at the empty one.
  Outcome chunk(uint64_t sequence, const Rows& rows, bool last = false);

 private:
  cm_run run_abi() const {
    return {sizeof(cm_run),    0,        to_abi(run.job), to_abi(run.run), to_abi(run.fingerprint),
            to_abi(run.owner), run.epoch};
  }

  const cm_sink_api& api_;
  std::unique_ptr<MemoryHost> own_host_;
  Value options_;
  cm_sink* self_ = nullptr;
  cm_sink_lane* lane_ = nullptr;
  TestChunk chunk_;
};

inline Outcome SinkRun::bind(const std::vector<SinkStream>& streams) {
  std::vector<UniqueSchema> schemas;
  std::vector<cm_sink_stream> wired;
  schemas.reserve(streams.size());
  for (const SinkStream& stream : streams) {
    schemas.push_back(stream.schema.to_arrow());
    wired.push_back({sizeof(cm_sink_stream), 0, to_abi(stream.name), schemas.back().get()});
  }
  abilities = {};
  abilities.struct_size = sizeof abilities;
  return ask([&](cm_error* e) {
    return api_.bind(self_, wired.data(), static_cast<uint32_t>(wired.size()), &abilities, e);
  });
}

inline Outcome SinkRun::committed(const std::string& of, SplitState* state) {
  cm_split_state abi{};
  abi.struct_size = sizeof abi;
  const cm_out position = append_to(&state->position);
  Outcome outcome =
      ask([&](cm_error* e) { return api_.committed(self_, to_abi(of), &abi, &position, e); });
  state->epoch = abi.epoch;
  state->next_chunk = abi.next_chunk;
  state->done = abi.done != 0;
  state->counts = {abi.rows_in, abi.rows_out, abi.rows_rejected, abi.rows_filtered};
  return outcome;
}

inline Outcome SinkRun::chunk(uint64_t sequence, const Rows& rows, bool last) {
  TestChunk facts;
  facts.sequence = sequence;
  facts.begin = sequence == 0 ? "" : "at " + std::to_string(sequence);
  facts.end = "at " + std::to_string(sequence + 1);
  facts.last = last;
  facts.epoch = run.epoch;
  facts.split = split;
  facts.run = run.run;
  facts.job = run.job;
  Outcome outcome = begin(facts);
  if (!outcome.ok()) return outcome;
  const auto count = static_cast<uint64_t>(rows.row_count());
  outcome = write(rows.abi());
  if (outcome.ok()) outcome = commit({count, count, 0, 0});
  if (!outcome.ok()) abort();
  return outcome;
}

}  // namespace chunkmill::testing
