#include "framework/plugin/source.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

namespace chunkmill::host {
namespace {

constexpr size_t kMaxIdentity = size_t{16} << 20;

// The add callbacks of the ABI over a vector. Nothing is thrown into the plugin: `fault` says what
// was wrong.
template <typename Item>
struct Collected {
  std::vector<Item> items;
  const char* fault = nullptr;
};

void add_split(void* ctx, const cm_split* split) {
  auto& into = *static_cast<Collected<Split>*>(ctx);
  if (split == nullptr || !CM_HAS(split, cm_split, estimated_bytes)) {
    into.fault = "gave a split that is null or too small";
    return;
  }
  try {
    into.items.push_back(
        {text_of(split->id), text_of(split->where), split->estimated_rows, split->estimated_bytes});
  } catch (...) {
    into.fault = "gave more splits than memory holds";
  }
}

void add_record(void* ctx, const cm_record* record) {
  auto& into = *static_cast<Collected<Record>*>(ctx);
  if (record == nullptr || !CM_HAS(record, cm_record, raw)) {
    into.fault = "gave a record that is null or too small";
    return;
  }
  try {
    into.items.push_back(
        {record->ordinal, record->line, text_of(record->where), text_of(record->raw)});
  } catch (...) {
    into.fault = "gave more records than memory holds";
  }
}

}  // namespace

Result<Source> Source::create(const Module& module, const cm_host* host,
                              const cm_options& options) {
  const cm_source_api* api = module.source_api();
  require_order(module, "create", api != nullptr, "as a source");
  ASSIGN_OR_RETURN(auto object, make_owned(module, *api, api->destroy, "create",
                                           [&](cm_source** self, cm_error* error) {
                                             return api->create(host, &options, self, error);
                                           }));
  Source source(std::move(object));
  RETURN_IF_ERROR(source.ask_rerun());
  return source;
}

Status Source::ask_rerun() {
  const auto* extension = static_cast<const cm_source_rerun*>(module().extension(CM_SOURCE_RERUN));
  if (extension == nullptr || !CHUNKMILL_OFFERS(extension, cm_source_rerun, rerun)) {
    if (!CHUNKMILL_OFFERS(object_->api, cm_source_api, identity)) rerun_ = CM_RERUN_UNKNOWN;
    return Status();
  }
  call_plugin_quietly([&] { rerun_ = extension->rerun(object_->self); });
  if (rerun_ >= CM_RERUN_NEVER && rerun_ <= CM_RERUN_UNKNOWN) return Status();
  return broke_contract(module(), "rerun",
                        "answered " + std::to_string(rerun_) + ", which is none of CM_RERUN_*");
}

Result<Schema> Source::schema() {
  const CallSlot::Taken taken(object_->slot, module(), "schema");
  UniqueSchema arrow;
  RETURN_IF_ERROR(call_plugin(module(), "schema", [&](cm_error* error) {
    return object_->api->schema(object_->self, arrow.get(), error);
  }));
  has_schema_ = true;
  if (!arrow) return broke_contract(module(), "schema", "gave no schema");
  Schema schema;
  std::string why;
  if (!Schema::import(*arrow.get(), &schema, &why)) {
    return broke_contract(module(), "schema", "gave a schema that cannot be used: " + why);
  }
  return schema;
}

Result<bool> Source::select(const Schema& wanted) {
  if (!CHUNKMILL_OFFERS(object_->api, cm_source_api, select)) return false;
  const CallSlot::Taken taken(object_->slot, module(), "select");
  require_order(module(), "select", has_schema_, "before schema()");
  const UniqueSchema arrow = wanted.to_arrow();
  const Status status = call_plugin(module(), "select", [&](cm_error* error) {
    return object_->api->select(object_->self, arrow.get(), error);
  });
  if (status.facts().code == CM_UNSUPPORTED) return false;
  RETURN_IF_ERROR(status);
  return true;
}

Result<std::vector<Split>> Source::plan(uint32_t parallel) {
  const CallSlot::Taken taken(object_->slot, module(), "plan");
  require_order(module(), "plan", has_schema_, "before schema()");
  Collected<Split> splits;
  const cm_split_sink out{&splits, add_split};
  RETURN_IF_ERROR(call_plugin(module(), "plan", [&](cm_error* error) {
    return object_->api->plan(object_->self, parallel, &out, error);
  }));
  is_planned_ = true;
  if (splits.fault != nullptr) return broke_contract(module(), "plan", splits.fault);
  // The id keys the ledger: two splits of one id would take each other's rows for written.
  std::set<std::string_view> ids;
  for (const Split& split : splits.items) {
    if (split.id.empty()) return broke_contract(module(), "plan", "gave a split without an id");
    if (!ids.insert(split.id).second) {
      return broke_contract(module(), "plan", "gave two splits the id \"" + split.id + "\"");
    }
  }
  return std::move(splits.items);
}

Result<std::string> Source::identity() {
  if (!CHUNKMILL_OFFERS(object_->api, cm_source_api, identity)) return std::string();
  const CallSlot::Taken taken(object_->slot, module(), "identity");
  TextCollector text(kMaxIdentity);
  RETURN_IF_ERROR(call_plugin(module(), "identity", [&](cm_error* error) {
    return object_->api->identity(object_->self, text.abi(), error);
  }));
  if (text.too_long()) return broke_contract(module(), "identity", "wrote more than 16 MiB");
  return text.take();
}

Result<SourceLane> Source::open(std::string_view split, std::string_view position) {
  const CallSlot::Taken taken(object_->slot, module(), "open");
  require_order(module(), "open", is_planned_, "before plan()");
  const cm_source_api& api = *object_->api;
  ASSIGN_OR_RETURN(
      auto lane,
      make_owned(module(), api, api.close, "open", [&](cm_source_lane** out, cm_error* error) {
        return api.open(object_->self, to_abi(split), to_abi(position), out, error);
      }));
  return SourceLane(std::move(lane), position);
}

void Source::interrupt() {
  if (!CHUNKMILL_OFFERS(object_->api, cm_source_api, interrupt)) return;
  call_plugin_quietly([this] { object_->api->interrupt(object_->self); });
}

Result<std::vector<Record>> Source::records(std::string_view split, std::string_view begin,
                                            std::span<const uint64_t> ordinals) {
  require_order(module(), "records", has_records(), "though the plugin has none");
  Collected<Record> records;
  const cm_record_sink out{&records, add_record};
  RETURN_IF_ERROR(call_plugin(module(), "records", [&](cm_error* error) {
    return object_->api->records(object_->self, to_abi(split), to_abi(begin), ordinals.data(),
                                 ordinals.size(), &out, error);
  }));
  if (records.fault != nullptr) return broke_contract(module(), "records", records.fault);
  const auto before = [](const Record& a, const Record& b) { return a.ordinal < b.ordinal; };
  std::ranges::stable_sort(records.items, before);
  const Record* last = nullptr;
  for (const Record& record : records.items) {
    const std::string number = std::to_string(record.ordinal);
    if (!std::ranges::binary_search(ordinals, record.ordinal))
      return broke_contract(module(), "records", "gave record " + number + ", not asked for");
    if (last != nullptr && last->ordinal == record.ordinal)
      return broke_contract(module(), "records", "gave record " + number + " twice");
    last = &record;
  }
  return std::move(records.items);
}

Result<SourceLane> Source::replay(std::span<const Record> records) {
  const CallSlot::Taken taken(object_->slot, module(), "replay");
  require_order(module(), "replay", has_replay(), "though the plugin has none");
  std::vector<cm_record> raw;
  raw.reserve(records.size());
  for (const Record& record : records) {
    raw.push_back({sizeof(cm_record), 0, record.ordinal, record.line, to_abi(record.where),
                   to_abi(record.raw)});
  }
  const cm_source_api& api = *object_->api;
  ASSIGN_OR_RETURN(
      auto lane,
      make_owned(module(), api, api.close, "replay", [&](cm_source_lane** out, cm_error* error) {
        return api.replay(object_->self, raw.data(), raw.size(), out, error);
      }));
  return SourceLane(std::move(lane), {});
}

Result<std::optional<ReadChunk>> SourceLane::next(const ReadLimits& limits,
                                                  std::shared_ptr<const Schema> schema) {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "next");
  const cm_next asked{sizeof(cm_next), limits.max_wait_ms, limits.max_rows, limits.max_bytes};
  UniqueArray array;
  ReadChunk chunk;
  RowErrorCollector errors(chunk.errors);
  const Status status = call_plugin(
      module, "next",
      [&](cm_error* error) {
        return object_->api->next(object_->self, &asked, array.get(), errors.abi(), error);
      },
      kMayRefuse | kMayEnd);
  if (status.code() == Code::kEnd) {
    if (array || errors.count() > 0) {
      return broke_contract(module, "next", "gave rows together with CM_END");
    }
    return std::optional<ReadChunk>();
  }
  RETURN_IF_ERROR(status);
  if (!array) return broke_contract(module, "next", "gave no array");
  const auto max_rows =
      static_cast<int64_t>(std::min<uint64_t>(limits.max_rows, static_cast<uint64_t>(INT64_MAX)));
  Result<Batch> batch = Batch::import(array.get(), std::move(schema), {.max_rows = max_rows});
  if (!batch.ok()) return broke_contract(module, "next", batch.status().message());
  chunk.batch = batch.take();
  const int64_t records = chunk.batch.row_count() + static_cast<int64_t>(errors.count());
  if (records > max_rows) {
    return broke_contract(module, "next",
                          "gave " + std::to_string(records) + " records where " +
                              std::to_string(max_rows) + " were asked for");
  }
  if (const std::string fault = errors.fault(records); !fault.empty()) {
    return broke_contract(module, "next", fault);
  }
  // Each stands for a record of its own: two reports of one would count as two records.
  const auto before = [](const RowError& a, const RowError& b) { return a.row < b.row; };
  std::ranges::stable_sort(chunk.errors, before);
  const auto same = [](const RowError& a, const RowError& b) { return a.row == b.row; };
  const auto twice = std::ranges::adjacent_find(chunk.errors, same);
  if (twice != chunk.errors.end()) {
    return broke_contract(module, "next",
                          "reported record " + std::to_string(twice->row) + " of a chunk twice");
  }
  records_ += records;
  // A source that is asked to wait no longer than so long may come with nothing.
  if (records == 0 && limits.max_wait_ms == 0) ++empty_;
  return std::optional<ReadChunk>(std::move(chunk));
}

Result<std::string> SourceLane::position() {
  const Module& module = *object_->module;
  const CallSlot::Taken taken(object_->slot, module, "position");
  TextCollector text(kMaxPosition);
  RETURN_IF_ERROR(call_plugin(module, "position", [&](cm_error* error) {
    return object_->api->position(object_->self, text.abi(), error);
  }));
  if (text.too_long()) return broke_contract(module, "position", "wrote more than 4096 bytes");
  std::string position = text.take();
  const bool moved = position_ != position;
  if (!moved && records_ > 0) {
    return broke_contract(module, "position",
                          "stays at \"" + position + "\", though " + std::to_string(records_) +
                              " records were read since, which a resume would read again");
  }
  constexpr int kPatience = 100;
  if (!moved && empty_ > kPatience) {
    return broke_contract(
        module, "next",
        "gives neither records nor CM_END, and its position stays at \"" + position + "\"");
  }
  if (moved) empty_ = 0;
  records_ = 0;
  position_ = position;
  return position;
}

Status SourceLane::committed(std::string_view position) {
  if (!CHUNKMILL_OFFERS(object_->api, cm_source_api, committed)) return Status();
  const CallSlot::Taken taken(object_->slot, *object_->module, "committed");
  return call_plugin(*object_->module, "committed", [&](cm_error* error) {
    return object_->api->committed(object_->self, to_abi(position), error);
  });
}

}  // namespace chunkmill::host
