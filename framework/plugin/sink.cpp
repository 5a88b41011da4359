#include "framework/plugin/sink.hpp"

#include <array>
#include <utility>

namespace chunkmill::host {
namespace {

constexpr size_t kMaxLedgerText = 65536;
// Calls that move the ledger, or take a split over, in a transaction of their own.
constexpr uint32_t kOfLedger = kMayRefuse | kMayFence | kMayLoseCommit;

cm_run run_to_abi(const Run& run) {
  return {sizeof(cm_run),
          run.appends ? uint32_t{CM_RUN_APPENDS} : 0U,
          chunkmill::to_abi(run.job),
          chunkmill::to_abi(run.run),
          chunkmill::to_abi(run.fingerprint),
          chunkmill::to_abi(run.owner),
          run.epoch};
}

// "run\nfingerprint\nrunning|finished\n"; nothing for the empty text, false for any other.
bool read_ledger(std::string_view text, std::optional<LedgerRun>* out) {
  out->reset();
  if (text.empty()) return true;
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const bool finished = lines[2] == "finished";
  if (!text.empty() || lines[0].empty() || (!finished && lines[2] != "running")) return false;
  *out = LedgerRun{std::string(lines[0]), std::string(lines[1]), finished};
  return true;
}

// What committed() and claim() answer.
class StateAnswer {
 public:
  StateAnswer() : position_(kMaxPosition) { raw_.struct_size = sizeof raw_; }
  cm_split_state* raw() { return &raw_; }
  const cm_out* position() { return position_.abi(); }
  Result<std::optional<SplitState>> take(const Module& module, const char* call) {
    if (position_.too_long())
      return broke_contract(module, call, "wrote a position of more than 4096 bytes");
    const uint64_t settled = raw_.rows_out + raw_.rows_rejected + raw_.rows_filtered;
    if (raw_.rows_in != settled)
      return broke_contract(module, call,
                            "gave counts that do not add up: rows in " +
                                std::to_string(raw_.rows_in) + ", out, rejected and filtered " +
                                std::to_string(settled));
    return std::optional<SplitState>(
        SplitState{position_.take(),
                   raw_.epoch,
                   raw_.next_chunk,
                   raw_.done != 0,
                   {raw_.rows_in, raw_.rows_out, raw_.rows_rejected, raw_.rows_filtered}});
  }

 private:
  cm_split_state raw_{};
  TextCollector position_;
};

}  // namespace

Sink::Sink(std::unique_ptr<SinkObject> object) : object_(std::move(object)) {
  const auto* sharing = static_cast<const cm_sink_sharing*>(module().extension(CM_SINK_SHARING));
  if (sharing != nullptr && CHUNKMILL_OFFERS(sharing, cm_sink_sharing, join) &&
      CHUNKMILL_OFFERS(sharing, cm_sink_sharing, claim))
    sharing_ = sharing;
  const auto* tally = static_cast<const cm_sink_tally*>(module().extension(CM_SINK_TALLY));
  if (tally != nullptr && CHUNKMILL_OFFERS(tally, cm_sink_tally, tally)) tally_ = tally;
  const auto* ahead = static_cast<const cm_sink_ahead*>(module().extension(CM_SINK_AHEAD));
  if (ahead != nullptr && CHUNKMILL_OFFERS(ahead, cm_sink_ahead, begin_ahead)) ahead_ = ahead;
}

Result<Sink> Sink::create(const Module& module, const cm_host* host, const cm_options& options) {
  const cm_sink_api* api = module.sink_api();
  require_order(module, "create", api != nullptr, "as a sink");
  ASSIGN_OR_RETURN(auto object, make_owned(module, *api, api->destroy, "create",
                                           [&](cm_sink** self, cm_error* error) {
                                             return api->create(host, &options, self, error);
                                           }));
  return Sink(std::move(object));
}

Result<Abilities> Sink::bind(std::span<const SinkStream> streams) {
  const CallSlot::Taken taken(object_->slot, module(), "bind");
  require_order(module(), "bind", !is_bound_, "a second time");
  std::vector<UniqueSchema> schemas;
  std::vector<cm_sink_stream> raw;
  schemas.reserve(streams.size());
  for (const SinkStream& stream : streams) {
    schemas.push_back(stream.schema->to_arrow());
    raw.push_back(
        {sizeof(cm_sink_stream), 0, chunkmill::to_abi(stream.name), schemas.back().get()});
  }
  cm_sink_abilities said{};
  said.struct_size = sizeof said;
  RETURN_IF_ERROR(call_plugin(module(), "bind", [&](cm_error* error) {
    return object_->api->bind(object_->self, raw.data(), static_cast<uint32_t>(raw.size()), &said,
                              error);
  }));
  abilities_ = {said.flags, said.max_lanes, said.max_batch_bytes};
  const cm_sink_api* api = object_->api;
  if (abilities_.keeps_position() && (!CHUNKMILL_OFFERS(api, cm_sink_api, committed) ||
                                      !CHUNKMILL_OFFERS(api, cm_sink_api, ledger))) {
    return broke_contract(module(), "bind",
                          "says the sink keeps positions, but it lacks committed() or ledger()");
  }
  stream_count_ = static_cast<uint32_t>(streams.size());
  is_bound_ = true;
  return abilities_;
}

Status Sink::check() {
  if (!CHUNKMILL_OFFERS(object_->api, cm_sink_api, check)) return Status();
  const CallSlot::Taken taken(object_->slot, module(), "check");
  require_order(module(), "check", is_bound_, "before bind()");
  return call_plugin(module(), "check",
                     [&](cm_error* error) { return object_->api->check(object_->self, error); });
}

Result<std::optional<LedgerRun>> Sink::ledger(std::string_view job) {
  if (!CHUNKMILL_OFFERS(object_->api, cm_sink_api, ledger)) return std::optional<LedgerRun>();
  const CallSlot::Taken taken(object_->slot, module(), "ledger");
  require_order(module(), "ledger", is_bound_, "before bind()");
  TextCollector text(kMaxLedgerText);
  RETURN_IF_ERROR(call_plugin(module(), "ledger", [&](cm_error* error) {
    return object_->api->ledger(object_->self, chunkmill::to_abi(job), text.abi(), error);
  }));
  std::optional<LedgerRun> run;
  if (text.too_long() || !read_ledger(text.take(), &run)) {
    return broke_contract(module(), "ledger",
                          "wrote something else than a run, a fingerprint and its state");
  }
  return run;
}

Status Sink::attach(const Run& run) {
  const CallSlot::Taken taken(object_->slot, module(), "attach");
  require_order(module(), "attach", is_bound_, "before bind()");
  const cm_run raw = run_to_abi(run);
  RETURN_IF_ERROR(call_plugin(
      module(), "attach",
      [&](cm_error* error) { return object_->api->attach(object_->self, &raw, error); },
      kOfLedger));
  is_attached_ = true;
  return Status();
}

Result<std::optional<SplitState>> Sink::committed(std::string_view split) {
  if (!abilities_.keeps_position()) return std::optional<SplitState>();
  const CallSlot::Taken taken(object_->slot, module(), "committed");
  require_order(module(), "committed", is_attached_, "before attach()");
  StateAnswer answer;
  const Status status = call_plugin(
      module(), "committed",
      [&](cm_error* error) {
        return object_->api->committed(object_->self, chunkmill::to_abi(split), answer.raw(),
                                       answer.position(), error);
      },
      kOfLedger);
  if (status.facts().code == CM_NOT_FOUND) return std::optional<SplitState>();
  RETURN_IF_ERROR(status);
  return answer.take(module(), "committed");
}

Result<bool> Sink::join(const Run& run, bool supersede) {
  const CallSlot::Taken taken(object_->slot, module(), "join");
  require_order(module(), "join", is_bound_ && shares(), "before bind()");
  const cm_run raw = run_to_abi(run);
  const Status status = call_plugin(
      module(), "join",
      [&](cm_error* error) {
        return sharing_->join(object_->self, &raw, supersede ? 1 : 0, error);
      },
      kOfLedger | kMayEnd);
  if (status.code() == Code::kEnd) return false;
  RETURN_IF_ERROR(status);
  is_attached_ = true;
  return true;
}

Result<std::optional<SplitState>> Sink::claim(std::string_view split) {
  const CallSlot::Taken taken(object_->slot, module(), "claim");
  require_order(module(), "claim", is_attached_ && shares(), "before join()");
  StateAnswer answer;
  const Status status = call_plugin(
      module(), "claim",
      [&](cm_error* error) {
        return sharing_->claim(object_->self, chunkmill::to_abi(split), answer.raw(),
                               answer.position(), error);
      },
      kOfLedger | kMayEnd);
  if (status.code() == Code::kEnd) return std::optional<SplitState>();
  RETURN_IF_ERROR(status);
  return answer.take(module(), "claim");
}

Result<SinkLane> Sink::open() {
  const CallSlot::Taken taken(object_->slot, module(), "open");
  require_order(module(), "open", is_attached_, "before attach()");
  const cm_sink_api& api = *object_->api;
  ASSIGN_OR_RETURN(auto lane, make_owned(
                                  module(), api, api.close, "open",
                                  [&](cm_sink_lane** out, cm_error* error) {
                                    return api.open(object_->self, out, error);
                                  },
                                  kMayRefuse | kMayFence));
  return SinkLane(std::move(lane), stream_count_, abilities_, ahead_);
}

Result<std::optional<Tally>> Sink::tally(const Run& run) {
  if (tally_ == nullptr) return std::optional<Tally>();
  const CallSlot::Taken taken(object_->slot, module(), "tally");
  require_order(module(), "tally", is_bound_, "before bind()");
  const cm_run raw = run_to_abi(run);
  cm_tally said{};
  said.struct_size = sizeof said;
  RETURN_IF_ERROR(call_plugin(module(), "tally", [&](cm_error* error) {
    return tally_->tally(object_->self, &raw, &said, error);
  }));
  return std::optional<Tally>(
      Tally{said.splits, {said.rows_in, said.rows_out, said.rows_rejected, said.rows_filtered}});
}

Status Sink::finish(const Run& run) {
  if (!CHUNKMILL_OFFERS(object_->api, cm_sink_api, finish)) return Status();
  const CallSlot::Taken taken(object_->slot, module(), "finish");
  require_order(module(), "finish", is_attached_, "before attach()");
  const cm_run raw = run_to_abi(run);
  Status status = call_plugin(
      module(), "finish",
      [&](cm_error* error) { return object_->api->finish(object_->self, &raw, error); }, kOfLedger);
  // The sink answers, and what the run gave it is refused as a whole: a fault of the input.
  if (status.facts().code == CM_DATA)
    return Status(Code::kThreshold, status.message(), status.facts());
  return status;
}

void Sink::interrupt() {
  if (!CHUNKMILL_OFFERS(object_->api, cm_sink_api, interrupt)) return;
  call_plugin_quietly([this] { object_->api->interrupt(object_->self); });
}

SinkLane& SinkLane::operator=(SinkLane&& other) noexcept {
  if (this != &other) {
    abort();
    object_ = std::move(other.object_);
    stream_count_ = other.stream_count_;
    abilities_ = other.abilities_;
    ahead_ = other.ahead_;
    in_chunk_ = std::exchange(other.in_chunk_, false);
  }
  return *this;
}

SinkLane::~SinkLane() { abort(); }

Result<bool> SinkLane::begin(const cm_chunk& chunk) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "begin");
  require_order(module, "begin", !in_chunk_, "with a chunk open");
  const Status status = call_plugin(
      module, "begin",
      [&](cm_error* error) { return object_->api->begin(object_->self, &chunk, error); },
      kMayRefuse | kMayFence | kMayEnd);
  if (status.code() == Code::kEnd) return false;
  RETURN_IF_ERROR(status);
  in_chunk_ = true;
  return true;
}

Status SinkLane::begin_ahead(const cm_chunk& chunk) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "begin_ahead");
  require_order(module, "begin_ahead", !in_chunk_ && ahead_ != nullptr, "with a chunk open");
  RETURN_IF_ERROR(call_plugin(module, "begin_ahead", [&](cm_error* error) {
    return ahead_->begin_ahead(object_->self, &chunk, error);
  }));
  in_chunk_ = true;
  return Status();
}

Status SinkLane::write(uint32_t stream, const Batch& batch, std::vector<RowError>& errors) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "write");
  require_order(module, "write", in_chunk_, "without a chunk open");
  require_order(module, "write", stream < stream_count_, "for a stream that was not bound");
  RowErrorCollector collector(errors);
  const Status status = call_plugin(
      module, "write",
      [&](cm_error* error) {
        return object_->api->write(object_->self, stream, batch.abi(), collector.abi(), error);
      },
      kMayRefuse | kMayFence);
  if (const std::string fault = collector.fault(batch.row_count()); !fault.empty()) {
    return broke_contract(module, "write", fault);
  }
  if (status.facts().row >= batch.row_count()) {
    return broke_contract(module, "write",
                          "names row " + std::to_string(status.facts().row) + " of a batch of " +
                              std::to_string(batch.row_count()) + " rows");
  }
  if (status.ok() && collector.count() > 0 && !abilities_.per_row_result()) {
    return broke_contract(module, "write",
                          "reported bad rows and answered CM_OK, without the ability to keep the "
                          "others (CM_SINK_PER_ROW_RESULT)");
  }
  return status;
}

Status SinkLane::write_row(uint32_t stream, const Batch& batch, int64_t row) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "write_row");
  require_order(module, "write_row", in_chunk_, "without a chunk open");
  require_order(module, "write_row", has_write_row(), "though the plugin has none");
  require_order(module, "write_row", row >= 0 && row < batch.row_count(),
                "for no row of the batch");
  return call_plugin(
      module, "write_row",
      [&](cm_error* error) {
        return object_->api->write_row(object_->self, stream, batch.abi(), row, error);
      },
      kMayRefuse | kMayFence);
}

Status SinkLane::commit(const cm_counts& counts) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "commit");
  require_order(module, "commit", in_chunk_, "without a chunk open");
  RETURN_IF_ERROR(call_plugin(
      module, "commit",
      [&](cm_error* error) { return object_->api->commit(object_->self, &counts, error); },
      kOfLedger));
  in_chunk_ = false;
  return Status();
}

void SinkLane::abort() {
  if (object_ == nullptr || !in_chunk_) return;
  const CallSlot::Taken taken(object_->slot, *object_->module, "abort");
  in_chunk_ = false;
  call_plugin_quietly([this] { object_->api->abort(object_->self); });
}

}  // namespace chunkmill::host
