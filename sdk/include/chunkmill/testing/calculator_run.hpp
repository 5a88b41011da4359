// Drives a calculator through its C table, as the host does.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "chunkmill/testing/memory_host.hpp"
#include "chunkmill/testing/option_tree.hpp"
#include "chunkmill/testing/outcome.hpp"

namespace chunkmill::testing {

template <typename T>
const cm_calculator_api& calculator_api() {
  return chunkmill::detail::CalculatorAdapter<T>::kApi;
}

// One calculator object with one lane, and all that came out of it.
class CalculatorRun {
 public:
  struct Need {
    std::string column, format, unit, option;
    bool optional = false;
  };
  struct Emitted {
    int64_t first_input = 0;  // the row of all that was fed where its input batch began
    Rows rows;
    std::vector<int64_t> parents;  // in all that was fed; empty where the stream is row for row
  };
  struct Stream {
    std::string name;
    uint32_t flags = 0;  // CM_STREAM_*
    Schema schema;
    std::vector<Emitted> emitted;

    bool row_for_row() const { return (flags & CM_STREAM_ROW_FOR_ROW) != 0; }
  };

  // Without a host of the test's own, one without lookups.
  explicit CalculatorRun(const cm_calculator_api& api, Map options = {}, MemoryHost* host = nullptr)
      : api_(api),
        own_host_(host == nullptr ? std::make_unique<MemoryHost>() : nullptr),
        options_(std::move(options)) {
    const cm_options values = options_.abi();
    const cm_host* services = host == nullptr ? own_host_->abi() : host->abi();
    created = ask([&](cm_error* e) { return api_.create(services, &values, &self_, e); });
  }
  CalculatorRun(const CalculatorRun&) = delete;
  CalculatorRun& operator=(const CalculatorRun&) = delete;
  ~CalculatorRun() {
    close();
    if (self_ != nullptr) api_.destroy(self_);
  }

  Outcome created;
  std::vector<Need> needs;
  std::vector<Stream> streams;  // the first is the main one
  std::vector<BadRow> rejects;  // their rows counted over all that was fed

  // Asks for its needs and binds it to batches of `input`.
  Outcome bind(const Schema& input);
  Outcome open() {
    close();
    return ask([&](cm_error* e) { return api_.open(self_, &lane_, e); });
  }
  void close() {
    if (lane_ != nullptr) api_.close(lane_);
    lane_ = nullptr;
  }
  // One batch, of the schema that it was bound to.
  Outcome process(const ArrowArray& batch, const TestChunk& chunk = {});
  Outcome flush(const TestChunk& chunk = {});

  // All of it: binds and opens at the first call, then processes in batches of that many rows. The
  // batches have offsets. Throws when the plugin fails.
  CalculatorRun& feed(const Rows& rows, int64_t rows_per_batch = 1 << 30);

  // What the host would keep of a stream: "a|b|null" for each row, without rejected ones.
  std::vector<std::string> lines(size_t stream = 0) const;
  // The parents of lines(), where the stream is not row for row.
  std::vector<int64_t> parents(size_t stream = 0) const;
  // A cell of the main stream, by the number of its output row; "null" where it is null. Anything
  // for a row that was rejected.
  std::string cell(int64_t row, std::string_view column) const;
  // The codes of the rejects, in the order they were reported: "bad_rate bad_rate".
  std::string reject_codes() const {
    std::string codes;
    for (const BadRow& bad : rejects) codes += (codes.empty() ? "" : " ") + bad.code;
    return codes;
  }
  // Forgets what came out.
  void forget() {
    rejects.clear();
    for (Stream& stream : streams) stream.emitted.clear();
  }

 private:
  cm_emit emit() {
    return {this, [](void* ctx, uint32_t stream, ArrowArray* array, const int64_t* parents) {
              static_cast<CalculatorRun*>(ctx)->take(stream, UniqueArray(array), parents);
            }};
  }
  void take(uint32_t stream, UniqueArray array, const int64_t* parents) {
    Stream& to = streams.at(stream);
    const int64_t rows = array->length;
    Emitted out{fed_, Rows(to.schema, std::move(array)), {}};
    if (parents != nullptr) {
      out.parents.assign(parents, parents + rows);
      for (int64_t& parent : out.parents)
        if (parent >= 0) parent += fed_;
    }
    to.emitted.push_back(std::move(out));
  }
  bool rejected(int64_t row) const {
    return std::any_of(rejects.begin(), rejects.end(),
                       [&](const BadRow& bad) { return bad.row == row; });
  }

  const cm_calculator_api& api_;
  std::unique_ptr<MemoryHost> own_host_;
  Value options_;
  cm_calculator* self_ = nullptr;
  cm_calculator_lane* lane_ = nullptr;
  int64_t fed_ = 0;  // rows before the batch in hand
};

inline Outcome CalculatorRun::bind(const Schema& input) {
  const UniqueSchema schema = input.to_arrow();
  needs.clear();
  streams.clear();
  const cm_need_sink need_sink{
      &needs, [](void* ctx, const cm_need* need) {
        const auto text = [](cm_str view) { return std::string(from_abi(view)); };
        static_cast<std::vector<Need>*>(ctx)->push_back({text(need->column), text(need->format),
                                                         text(need->unit), text(need->option),
                                                         need->optional != 0});
      }};
  Outcome outcome =
      ask([&](cm_error* e) { return api_.needs(self_, schema.get(), &need_sink, e); });
  if (!outcome.ok()) return outcome;
  const cm_stream_sink stream_sink{&streams, [](void* ctx, const cm_stream* stream) {
                                     UniqueSchema moved(stream->schema);
                                     static_cast<std::vector<Stream>*>(ctx)->push_back(
                                         {std::string(from_abi(stream->name)),
                                          stream->flags,
                                          chunkmill::detail::import_schema(moved.get()),
                                          {}});
                                   }};
  return ask([&](cm_error* e) { return api_.bind(self_, schema.get(), &stream_sink, e); });
}

inline Outcome CalculatorRun::process(const ArrowArray& batch, const TestChunk& chunk) {
  const cm_chunk facts = chunk.abi();
  const cm_emit out = emit();
  BadRows bad(&rejects, fed_);
  const cm_row_errors errors = bad.abi();
  const Outcome outcome =
      ask([&](cm_error* e) { return api_.process(lane_, &facts, &batch, &out, &errors, e); });
  fed_ += batch.length;
  return outcome;
}

inline Outcome CalculatorRun::flush(const TestChunk& chunk) {
  if (api_.flush == nullptr) return {};
  const cm_chunk facts = chunk.abi();
  const cm_emit out = emit();
  BadRows bad(&rejects);
  const cm_row_errors errors = bad.abi();
  return ask([&](cm_error* e) { return api_.flush(lane_, &facts, &out, &errors, e); });
}

inline CalculatorRun& CalculatorRun::feed(const Rows& rows, int64_t rows_per_batch) {
  created.expect_ok();
  if (lane_ == nullptr) {
    bind(rows.schema()).expect_ok();
    open().expect_ok();
  }
  for (int64_t begin = 0; begin < rows.row_count(); begin += rows_per_batch)
    process(rows.slice(begin, std::min(rows_per_batch, rows.row_count() - begin))).expect_ok();
  return *this;
}

inline std::vector<std::string> CalculatorRun::lines(size_t stream) const {
  const Stream& from = streams.at(stream);
  std::vector<std::string> out;
  for (const Emitted& emitted : from.emitted) {
    for (int64_t row = 0; row < emitted.rows.row_count(); ++row)
      if (!from.row_for_row() || !rejected(emitted.first_input + row))
        out.push_back(line_text(emitted.rows.batch(), row));
  }
  return out;
}

inline std::vector<int64_t> CalculatorRun::parents(size_t stream) const {
  std::vector<int64_t> out;
  for (const Emitted& emitted : streams.at(stream).emitted)
    out.insert(out.end(), emitted.parents.begin(), emitted.parents.end());
  return out;
}

inline std::string CalculatorRun::cell(int64_t row, std::string_view column) const {
  for (const Emitted& emitted : streams.at(0).emitted) {
    if (row < emitted.rows.row_count()) return emitted.rows.cell(row, column).value_or("null");
    row -= emitted.rows.row_count();
  }
  throw std::out_of_range("the main stream has fewer rows");
}

}  // namespace chunkmill::testing
