// Runs a calculator in memory, through its C table, with lookups written as text.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>

#include "chunkmill/calculator.hpp"
#include "tests/plugins/scope3_purchased_goods/memory_table.hpp"
#include "tests/plugins/scope3_purchased_goods/option_tree.hpp"

// Serves lookups, and keeps metrics and what was logged.
class MemoryHost {
 public:
  explicit MemoryHost(std::map<std::string, std::string> tables) : lookups(std::move(tables)) {
    host_.struct_size = sizeof host_;
    host_.ctx = this;
    host_.log_enabled = [](void*, int32_t) -> int32_t { return 1; };
    host_.log = [](void* ctx, int32_t, cm_str text) {
      self(ctx)->log.emplace_back(chunkmill::from_abi(text));
    };
    host_.metric = [](void* ctx, int32_t, cm_str name, double value) {
      self(ctx)->metrics[std::string(chunkmill::from_abi(name))] += value;
    };
    host_.cancelled = [](void*) -> int32_t { return 0; };
    host_.lookup = [](void* ctx, cm_str name, const ArrowSchema*, ArrowArrayStream* out,
                      cm_error* error) -> cm_code {
      const auto found = self(ctx)->lookups.find(std::string(chunkmill::from_abi(name)));
      if (found == self(ctx)->lookups.end())
        return chunkmill::detail::fail(error, CM_NOT_FOUND, "no such lookup");
      serve(MemoryTable(found->second), out);
      return CM_OK;
    };
  }
  MemoryHost(const MemoryHost&) = delete;
  MemoryHost& operator=(const MemoryHost&) = delete;
  const cm_host* abi() const { return &host_; }

  std::map<std::string, std::string> lookups;
  std::map<std::string, double> metrics;
  std::vector<std::string> log;

 private:
  struct Served {
    MemoryTable table;
    bool done = false;
  };
  static MemoryHost* self(void* ctx) { return static_cast<MemoryHost*>(ctx); }
  static void serve(MemoryTable table, ArrowArrayStream* out) {
    out->private_data = new Served{std::move(table)};
    out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
      static_cast<Served*>(stream->private_data)->table.schema.export_to(schema);
      return 0;
    };
    out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
      auto* served = static_cast<Served*>(stream->private_data);
      std::memset(array, 0, sizeof *array);
      if (!served->done) served->table.rows.move_to(array);
      served->done = true;
      return 0;
    };
    out->get_last_error = [](ArrowArrayStream*) -> const char* { return ""; };
    out->release = [](ArrowArrayStream* stream) {
      delete static_cast<Served*>(stream->private_data);
      stream->release = nullptr;
    };
  }

  cm_host host_{};
};

struct Reject {
  int64_t row;
  std::string code, column, message;
};

// One calculator object, bound to an input.
class CalculatorRun {
 public:
  CalculatorRun(const cm_calculator_api& api, MemoryHost& host, const OptionTree& options)
      : api_(api) {
    cm_error error = chunkmill::empty_error();
    const cm_options values = options.abi();
    check(api_.create(host.abi(), &values, &self_, &error), error);
  }
  ~CalculatorRun() {
    if (lane_ != nullptr) api_.close(lane_);
    if (self_ != nullptr) api_.destroy(self_);
  }
  CalculatorRun(const CalculatorRun&) = delete;
  CalculatorRun& operator=(const CalculatorRun&) = delete;

  // Feeds all rows of `input` in batches of `rows_per_batch`.
  void feed(const MemoryTable& input, int64_t rows_per_batch = 1 << 30) {
    if (lane_ == nullptr) bind(input.schema);
    for (int64_t begin = 0; begin < input.size(); begin += rows_per_batch)
      process(input.slice(begin, std::min(rows_per_batch, input.size() - begin)), begin);
  }

  void forget() { results_.clear(); }

  // Row `row` of all that was fed. Meaningless for rejected rows, as the host drops them.
  std::string cell(int64_t row, std::string_view column) const {
    const int index = schema_.find(column);
    if (index < 0) return "no such column";
    for (const auto& [begin, array] : results_) {
      if (row < begin || row >= begin + array->length) continue;
      const chunkmill::Batch batch(array.get(), &schema_);
      return cell_as_text(batch, static_cast<size_t>(index), row - begin);
    }
    return "no such row";
  }
  // All columns, joined.
  std::string row_text(int64_t row) const {
    std::string out;
    for (const chunkmill::Field& field : schema_.fields) out += cell(row, field.name) + '|';
    return out;
  }
  const chunkmill::Schema& schema() const { return schema_; }

  std::vector<Reject> rejects;

 private:
  static void check(cm_code code, const cm_error& error) {
    if (code != CM_OK)
      throw std::runtime_error(std::string(error.where) + ": " + std::string(error.message));
  }
  void bind(const chunkmill::Schema& input) {
    cm_error error = chunkmill::empty_error();
    const chunkmill::UniqueSchema schema = input.to_arrow();
    const cm_need_sink needs{nullptr, [](void*, const cm_need*) {}};
    check(api_.needs(self_, schema.get(), &needs, &error), error);
    const cm_stream_sink streams{this, [](void* ctx, const cm_stream* stream) {
                                   std::string why;
                                   auto* run = static_cast<CalculatorRun*>(ctx);
                                   chunkmill::Schema::import(*stream->schema, &run->schema_, &why);
                                   run->flags_ = stream->flags;
                                 }};
    check(api_.bind(self_, schema.get(), &streams, &error), error);
    if (flags_ != CM_STREAM_ROW_FOR_ROW) throw std::runtime_error("not row for row");
    check(api_.open(self_, &lane_, &error), error);
  }
  void process(const ArrowArray& batch, int64_t begin) {
    cm_error error = chunkmill::empty_error();
    cm_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    begin_ = begin;
    const cm_emit emit{this, [](void* ctx, uint32_t, ArrowArray* array, const int64_t*) {
                         auto* run = static_cast<CalculatorRun*>(ctx);
                         run->results_.emplace_back(run->begin_, chunkmill::UniqueArray(array));
                       }};
    const cm_row_errors errors{
        this, [](void* ctx, const cm_row_error* e) {
          auto* run = static_cast<CalculatorRun*>(ctx);
          run->rejects.push_back({run->begin_ + e->row, std::string(chunkmill::from_abi(e->code)),
                                  std::string(chunkmill::from_abi(e->column)),
                                  std::string(chunkmill::from_abi(e->message))});
        }};
    check(api_.process(lane_, &chunk, &batch, &emit, &errors, &error), error);
    if (results_.empty() || results_.back().second->length != batch.length)
      throw std::runtime_error("not one row for each input row");
  }

  const cm_calculator_api& api_;
  cm_calculator* self_ = nullptr;
  cm_calculator_lane* lane_ = nullptr;
  chunkmill::Schema schema_;
  uint32_t flags_ = 0;
  int64_t begin_ = 0;
  std::vector<std::pair<int64_t, chunkmill::UniqueArray>> results_;
};
