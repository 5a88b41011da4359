#include "framework/plugin/calculator.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace chunkmill::host {
namespace {

struct CollectedNeeds {
  std::vector<Need> needs;
  std::string fault;
};

void add_need(void* ctx, const cm_need* need) {
  auto& into = *static_cast<CollectedNeeds*>(ctx);
  try {
    if (need == nullptr || !CM_HAS(need, cm_need, option)) {
      into.fault = "gave a need that is null or too small";
      return;
    }
    Need read{text_of(need->column), need->optional != 0, std::nullopt, text_of(need->unit),
              text_of(need->option)};
    if (need->format.size > 0) {
      Field type;
      if (!type_from_format(text_of(need->format), &type)) {
        into.fault = "needs column \"" + read.column + "\" as Arrow type \"" +
                     text_of(need->format) + "\", which is not carried";
        return;
      }
      read.type = type;
    }
    into.needs.push_back(std::move(read));
  } catch (...) {
    into.fault = "gave more needs than memory holds";
  }
}

struct CollectedStreams {
  std::vector<StreamDecl> streams;
  std::string fault;
};

// What is wrong with a stream that is declared after `before`; empty if nothing is.
std::string fault_of(const StreamDecl& stream, const std::vector<StreamDecl>& before) {
  if (before.empty() && stream.name != "main") {
    return "declared \"" + stream.name + "\" as its first stream, which must be called \"main\"";
  }
  for (const StreamDecl& other : before) {
    if (other.name == stream.name) return "declared the stream \"" + stream.name + "\" twice";
  }
  return {};
}

void add_stream(void* ctx, const cm_stream* stream) {
  auto& into = *static_cast<CollectedStreams*>(ctx);
  try {
    if (stream == nullptr || !CM_HAS(stream, cm_stream, schema) || stream->schema == nullptr ||
        stream->schema->release == nullptr) {
      into.fault = "declared a stream that is null, too small or without a schema";
      return;
    }
    const UniqueSchema owned(stream->schema);
    auto schema = std::make_shared<Schema>();
    StreamDecl read{text_of(stream->name), stream->flags, schema};
    std::string why;
    if (!Schema::import(*owned.get(), schema.get(), &why)) {
      into.fault =
          "declared stream \"" + read.name + "\" with a schema that cannot be used: " + why;
      return;
    }
    if (std::string fault = fault_of(read, into.streams); !fault.empty()) {
      into.fault = std::move(fault);
      return;
    }
    into.streams.push_back(std::move(read));
  } catch (...) {
    into.fault = "declared more streams than memory holds";
  }
}

thread_local bool is_full = false;

// Output is the emit callback for one call: takes every array over, checks it, keeps the first
// fault and drops what comes after it.
class Output {
 public:
  Output(const std::vector<StreamDecl>& streams, int64_t input_rows, Emitted& out)
      : streams_(streams),
        input_rows_(input_rows),
        out_(out),
        into_(out.batches),
        first_(into_.size()),
        abi_{this, &batch},
        rows_(streams.size()) {
    is_full = false;
  }
  ~Output() { is_full = false; }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  const cm_emit* abi() const { return &abi_; }
  // The call's outcome where more was put out than is kept; ok where it was not.
  Status too_much(const Module& module) const {
    if (!is_full) return Status();
    PluginFacts facts;
    facts.code = CM_TOO_LARGE;
    facts.row = last_parent_ < 0 ? input_rows_ : last_parent_ + 1;
    return Status(Code::kJob, module.label() + " makes more rows than `memory:` holds", facts);
  }

  // Empty if all is well. `complete`: ROW_FOR_ROW streams must be whole; `no_rejects`: their rows
  // must all be fit to use.
  std::string fault(bool complete, bool no_rejects) const {
    if (!fault_.empty()) return fault_;
    for (size_t i = 0; i < streams_.size(); ++i) {
      const int64_t wanted = complete ? input_rows_ : 0;
      if (!streams_[i].row_for_row() || rows_[i] == wanted) continue;
      return "put out " + std::to_string(rows_[i]) + " rows on the row-for-row stream \"" +
             streams_[i].name + "\" where there are " + std::to_string(wanted);
    }
    for (size_t i = first_; no_rejects && i < into_.size(); ++i) {
      if (const Status nulls = check_nulls(into_[i].batch); !nulls.ok()) return nulls.message();
    }
    return {};
  }

 private:
  static void batch(void* ctx, uint32_t stream, ArrowArray* array, const int64_t* parents) {
    auto& self = *static_cast<Output*>(ctx);
    try {
      self.take(stream, array, parents);
    } catch (...) {
      self.fault_ = "put out more than memory holds";
    }
  }

  void take(uint32_t stream, ArrowArray* array, const int64_t* parents) {
    if (array == nullptr || array->release == nullptr) {
      if (fault_.empty()) fault_ = "put out an array that is null or released";
      return;
    }
    UniqueArray owned(array);
    if (!fault_.empty() || is_full) return;
    if (stream >= streams_.size()) {
      fault_ =
          "put out to stream " + std::to_string(stream) + " of " + std::to_string(streams_.size());
      return;
    }
    const StreamDecl& decl = streams_[stream];
    // A rejected row of a row-for-row stream may hold anything, also a null where there is none.
    Result<Batch> batch =
        Batch::import(owned.get(), decl.schema, {.check_nulls = !decl.row_for_row()});
    if (!batch.ok()) {
      fault_ = "stream \"" + decl.name + "\": " + batch.status().message();
      return;
    }
    EmittedBatch emitted{stream, batch.take(), {}};
    const int64_t rows = emitted.batch.row_count();
    if (!decl.row_for_row() && rows > 0) {
      if (parents == nullptr) {
        fault_ = "put out rows on stream \"" + decl.name + "\" without their parents";
        return;
      }
      emitted.parents.assign(parents, parents + rows);
      for (int64_t parent : emitted.parents) {
        if (parent >= -1 && parent < input_rows_) continue;
        fault_ = "put out a row on stream \"" + decl.name + "\" with parent " +
                 std::to_string(parent) + " of " + std::to_string(input_rows_) + " input rows";
        return;
      }
      const auto descends = [](int64_t a, int64_t b) { return a >= b; };
      const bool ascend = std::adjacent_find(emitted.parents.begin(), emitted.parents.end(),
                                             descends) == emitted.parents.end();
      if (decl.append() && (!ascend || emitted.parents.front() < 0)) {
        fault_ =
            "put out rows on the appended stream \"" + decl.name + "\" whose parents do not ascend";
        return;
      }
    }
    rows_[stream] += rows;
    if (!emitted.parents.empty()) last_parent_ = std::max(last_parent_, emitted.parents.back());
    out_.bytes += emitted.batch.byte_size() + emitted.parents.size() * sizeof(int64_t);
    if (out_.bytes > out_.most_bytes) {
      is_full = true;
      into_.resize(first_);
      return;
    }
    into_.push_back(std::move(emitted));
  }

  const std::vector<StreamDecl>& streams_;
  const int64_t input_rows_;
  Emitted& out_;
  std::vector<EmittedBatch>& into_;
  const size_t first_;
  cm_emit abi_;
  std::vector<int64_t> rows_;  // put out so far, a stream
  int64_t last_parent_ = -1;
  std::string fault_;
};

}  // namespace

bool output_is_full() { return is_full; }

bool makes_too_much(const Status& status) {
  return status.code() == Code::kJob && status.facts().code == CM_TOO_LARGE;
}

Result<Calculator> Calculator::create(const Module& module, const cm_host* host,
                                      const cm_options& options) {
  const cm_calculator_api* api = module.calculator_api();
  require_order(module, "create", api != nullptr, "as a calculator");
  ASSIGN_OR_RETURN(auto object, make_owned(module, *api, api->destroy, "create",
                                           [&](cm_calculator** self, cm_error* error) {
                                             return api->create(host, &options, self, error);
                                           }));
  return Calculator(std::move(object));
}

Result<std::vector<Need>> Calculator::needs(const Schema& available) {
  const CallSlot::Taken taken(object_->slot, module(), "needs");
  const UniqueSchema arrow = available.to_arrow();
  CollectedNeeds collected;
  const cm_need_sink out{&collected, add_need};
  RETURN_IF_ERROR(call_plugin(module(), "needs", [&](cm_error* error) {
    return object_->api->needs(object_->self, arrow.get(), &out, error);
  }));
  if (!collected.fault.empty()) return broke_contract(module(), "needs", collected.fault);
  return std::move(collected.needs);
}

Result<std::vector<StreamDecl>> Calculator::bind(const Schema& input) {
  const CallSlot::Taken taken(object_->slot, module(), "bind");
  require_order(module(), "bind", streams_ == nullptr, "a second time");
  const UniqueSchema arrow = input.to_arrow();
  CollectedStreams collected;
  const cm_stream_sink out{&collected, add_stream};
  RETURN_IF_ERROR(call_plugin(module(), "bind", [&](cm_error* error) {
    return object_->api->bind(object_->self, arrow.get(), &out, error);
  }));
  if (!collected.fault.empty()) return broke_contract(module(), "bind", collected.fault);
  if (collected.streams.empty()) return broke_contract(module(), "bind", "declared no stream");
  streams_ = std::make_shared<const std::vector<StreamDecl>>(std::move(collected.streams));
  return *streams_;
}

Result<CalculatorLane> Calculator::open() {
  const CallSlot::Taken taken(object_->slot, module(), "open");
  require_order(module(), "open", streams_ != nullptr, "before bind()");
  const cm_calculator_api& api = *object_->api;
  ASSIGN_OR_RETURN(auto lane, make_owned(module(), api, api.close, "open",
                                         [&](cm_calculator_lane** out, cm_error* error) {
                                           return api.open(object_->self, out, error);
                                         }));
  return CalculatorLane(std::move(lane), streams_);
}

Status CalculatorLane::process(const cm_chunk& chunk, const Batch& input, Emitted& out) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "process");
  last_input_rows_ = input.row_count();
  Output output(*streams_, last_input_rows_, out);
  RowErrorCollector errors(out.errors);
  // Bad rows are reported, and the call answers CM_OK.
  const Status status = call_plugin(
      module, "process",
      [&](cm_error* error) {
        return object_->api->process(object_->self, &chunk, input.abi(), output.abi(), errors.abi(),
                                     error);
      },
      kMayFail);
  RETURN_IF_ERROR(output.too_much(module));
  RETURN_IF_ERROR(status);
  std::string fault = errors.fault(last_input_rows_);
  if (fault.empty()) fault = output.fault(true, errors.count() == 0);
  return fault.empty() ? Status() : broke_contract(module, "process", fault);
}

Status CalculatorLane::flush(const cm_chunk& chunk, Emitted& out) {
  if (!CHUNKMILL_OFFERS(object_->api, cm_calculator_api, flush)) return Status();
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "flush");
  Output output(*streams_, last_input_rows_, out);
  RowErrorCollector errors(out.errors);
  const Status status = call_plugin(
      module, "flush",
      [&](cm_error* error) {
        return object_->api->flush(object_->self, &chunk, output.abi(), errors.abi(), error);
      },
      kMayFail);
  RETURN_IF_ERROR(output.too_much(module));
  RETURN_IF_ERROR(status);
  std::string fault = errors.fault(last_input_rows_);
  if (fault.empty()) fault = output.fault(false, errors.count() == 0);
  return fault.empty() ? Status() : broke_contract(module, "flush", fault);
}

}  // namespace chunkmill::host
