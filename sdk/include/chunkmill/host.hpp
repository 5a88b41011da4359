// The host's services, for plugin code. Valid from before configure() until the plugin object is
// destroyed. Threads: any for log, metric and cancelled; [control] for lookup and secret.
#pragma once

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/abi/host.h"
#include "chunkmill/batch.hpp"
#include "chunkmill/error.hpp"

namespace chunkmill {

// What a plugin is, for the one macro that exports it.
struct Info {
  const char* name;     // "csv", "scope3.purchased_goods"
  const char* version;  // "1.0.0"
  const char* summary;  // one sentence
  uint32_t flags = 0;   // CM_CALCULATOR_ORDERED, CM_CALCULATOR_PURE
};

// A reference table, read whole and kept.
class Table {
 public:
  Table() = default;
  Table(Schema schema, std::vector<UniqueArray> batches)
      : schema_(std::move(schema)), batches_(std::move(batches)) {}

  const Schema& schema() const { return schema_; }
  size_t batch_count() const { return batches_.size(); }
  Batch batch(size_t i) const { return Batch(batches_[i].get(), &schema_); }
  int64_t row_count() const {
    int64_t rows = 0;
    for (const UniqueArray& batch : batches_) rows += batch->length;
    return rows;
  }

 private:
  Schema schema_;
  std::vector<UniqueArray> batches_;
};

// A reference table, read batch by batch as it is asked for: for tables that need not fit into
// memory. Owned by the plugin; its calls must not overlap, but may come from any thread in turn.
class TableStream {
 public:
  TableStream() = default;
  // `name` is the lookup's, for messages.
  TableStream(std::string name, UniqueStream stream)
      : name_(std::move(name)), stream_(std::move(stream)) {
    UniqueSchema got;
    std::string why = "its schema cannot be read";
    if (stream_->get_schema(stream_.get(), got.get()) != 0 ||
        !Schema::import(*got.get(), &schema_, &why))
      throw Error(CM_INTERNAL, "lookup \"" + name_ + "\": " + why);
  }

  const Schema& schema() const { return schema_; }
  // The next batch; owns nothing once there is none left. Throws where the source fails:
  // CM_INVALID when it is a fault of the table, CM_UNAVAILABLE when it may work later, else CM_IO.
  UniqueArray next() {
    UniqueArray batch;
    const int failed = stream_->get_next(stream_.get(), batch.get());
    if (failed == 0) return batch;
    const char* const why = stream_->get_last_error(stream_.get());
    const cm_code code = failed == EINVAL ? CM_INVALID : failed == EAGAIN ? CM_UNAVAILABLE : CM_IO;
    throw Error(code, why == nullptr ? "lookup \"" + name_ + "\" cannot be read" : std::string(why))
        .retryable_if(failed == EAGAIN);
  }

 private:
  std::string name_;
  UniqueStream stream_;
  Schema schema_;
};

class Host {
 public:
  explicit Host(const cm_host* host = nullptr) : host_(host) {}

  bool log_enabled(int level) const { return host_->log_enabled(host_->ctx, level) != 0; }
  void log(int level, std::string_view message) const {
    host_->log(host_->ctx, level, to_abi(message));
  }
  void debug(std::string_view message) const { log(CM_LOG_DEBUG, message); }
  void info(std::string_view message) const { log(CM_LOG_INFO, message); }
  void warn(std::string_view message) const { log(CM_LOG_WARN, message); }

  // Sums per chunk and per run; call once a batch, not once a row.
  void add(std::string_view metric, double value) const {
    host_->metric(host_->ctx, CM_METRIC_ADD, to_abi(metric), value);
  }
  void set(std::string_view metric, double value) const {
    host_->metric(host_->ctx, CM_METRIC_SET, to_abi(metric), value);
  }
  void observe(std::string_view metric, double value) const {
    host_->metric(host_->ctx, CM_METRIC_OBSERVE, to_abi(metric), value);
  }
  bool cancelled() const { return host_->cancelled(host_->ctx) != 0; }

  // Throws Error(CM_NOT_FOUND) when there is none of that name.
  std::string secret(std::string_view name) const {
    std::string value;
    cm_error error = empty_error();
    const cm_out out{&value, [](void* ctx, const void* data, size_t size) {
                       static_cast<std::string*>(ctx)->append(static_cast<const char*>(data), size);
                     }};
    check(host_->secret(host_->ctx, to_abi(name), &out, &error), error);
    return value;
  }

  // The reference table of that name with the columns of `wanted`, read straight into its types.
  Table lookup(std::string_view name, const Schema& wanted) const {
    return read_all(lookup_stream(name, wanted));
  }
  // The reference table of that name with all its columns as its source types them.
  Table lookup(std::string_view name) const { return read_all(lookup_stream(name)); }
  // The same tables, to be read batch by batch.
  TableStream lookup_stream(std::string_view name, const Schema& wanted) const {
    const UniqueSchema schema = wanted.to_arrow();
    return open_lookup(name, schema.get());
  }
  TableStream lookup_stream(std::string_view name) const { return open_lookup(name, nullptr); }

 private:
  static void check(cm_code code, const cm_error& error) {
    if (code != CM_OK)
      throw Error(code, error.message).at(error.where).retryable_if(error.retryable != 0);
  }
  TableStream open_lookup(std::string_view name, const ArrowSchema* wanted) const {
    cm_error error = empty_error();
    UniqueStream stream;
    check(host_->lookup(host_->ctx, to_abi(name), wanted, stream.get(), &error), error);
    return TableStream(std::string(name), std::move(stream));
  }
  static Table read_all(TableStream stream) {
    std::vector<UniqueArray> batches;
    while (UniqueArray batch = stream.next()) batches.push_back(std::move(batch));
    return Table(stream.schema(), std::move(batches));
  }

  const cm_host* host_;
};

// Where bad rows are reported.
class RowErrors {
 public:
  explicit RowErrors(const cm_row_errors* out) : out_(out) {}

  // `row` as cm_row_error says: a row of the batch in hand.
  void report(int64_t row, std::string_view code, std::string_view message,
              std::string_view column = {}) {
    report_record(row, code, message, column, {}, {}, 0);
  }
  // For sources: with the record as it stood, and its place.
  void report_record(int64_t ordinal, std::string_view code, std::string_view message,
                     std::string_view column, std::string_view raw, std::string_view where,
                     int64_t line) {
    const cm_row_error error{
        sizeof(cm_row_error), 0,           ordinal,      line, to_abi(code), to_abi(column),
        to_abi(message),      to_abi(raw), to_abi(where)};
    ++count_;
    out_->report(out_->ctx, &error);
  }
  int64_t count() const { return count_; }

 private:
  const cm_row_errors* out_;
  int64_t count_ = 0;
};

// The chunk in hand, as views that are valid during the call.
class Chunk {
 public:
  explicit Chunk(const cm_chunk* chunk) : chunk_(chunk) {}
  uint32_t attempt() const { return chunk_->attempt; }
  uint64_t sequence() const { return chunk_->sequence; }
  uint64_t epoch() const { return chunk_->epoch; }
  std::string_view job() const { return from_abi(chunk_->job); }
  std::string_view run() const { return from_abi(chunk_->run); }
  std::string_view split() const { return from_abi(chunk_->split); }
  std::string_view begin() const { return from_abi(chunk_->begin); }
  std::string_view end() const { return from_abi(chunk_->end); }
  bool last() const { return chunk_->last != 0; }

 private:
  const cm_chunk* chunk_;
};

}  // namespace chunkmill
