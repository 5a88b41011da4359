// The host's services in memory.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/abi/host.h"
#include "chunkmill/module.hpp"
#include "chunkmill/mutex.hpp"
#include "chunkmill/testing/rows.hpp"

namespace chunkmill::testing {

// Serves lookups and secrets, keeps metrics and what is logged. Outlives the plugin objects that
// were given it.
class MemoryHost {
 public:
  struct Line {
    int32_t level;
    std::string text;
  };

  MemoryHost() : MemoryHost({}) {}
  // Lookups as Rows reads them: MemoryHost host{{"factors", "code,factor:float; A,1.5"}};
  MemoryHost(std::initializer_list<std::pair<const std::string, std::string>> tables);
  MemoryHost(const MemoryHost&) = delete;
  MemoryHost& operator=(const MemoryHost&) = delete;
  const cm_host* abi() const { return &host_; }

  std::map<std::string, std::string> lookups;
  std::map<std::string, std::string> secrets;
  std::atomic<bool> cancelled = false;

  // Read these when no call is under way.
  std::vector<Line> log;
  std::map<std::string, double> metrics;                // sums of add, last values of set
  std::map<std::string, std::vector<double>> observed;  // samples of observe

 private:
  static MemoryHost* self(void* ctx) { return static_cast<MemoryHost*>(ctx); }
  void note_metric(int32_t kind, cm_str name, double value);
  cm_code read_secret(cm_str name, const cm_out* out, cm_error* error) const;
  cm_code read_lookup(cm_str name, const ArrowSchema* wanted, ArrowArrayStream* out,
                      cm_error* error) const;

  cm_host host_{};
  Mutex mutex_;  // Threads: guards log, metrics and observed
};

namespace detail {

// The columns of `wanted` in its types.
inline Rows converted(const Rows& rows, const Schema& wanted) {
  BatchBuilder builder(wanted);
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (rows.schema().find(wanted[i].name) < 0)
      throw Error(CM_NOT_FOUND, "there is no column \"" + wanted[i].name + "\"");
    for (int64_t row = 0; row < rows.row_count(); ++row) {
      if (const std::optional<std::string> text = rows.cell(row, wanted[i].name)) {
        append_text(&builder[i], wanted[i], *text);
      } else {
        builder[i].append_null();
      }
    }
  }
  UniqueArray array;
  builder.finish(array.get());
  return Rows(wanted, std::move(array));
}

// A stream of one batch.
inline void serve(Rows rows, ArrowArrayStream* out) {
  struct Served {
    Rows rows;
    bool done = false;
  };
  out->private_data = std::make_unique<Served>(Served{std::move(rows)}).release();
  out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
    static_cast<Served*>(stream->private_data)->rows.schema().export_to(schema);
    return 0;
  };
  out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
    auto* served = static_cast<Served*>(stream->private_data);
    std::memset(array, 0, sizeof *array);
    if (!served->done) served->rows.copy_to(array);
    served->done = true;
    return 0;
  };
  out->get_last_error = [](ArrowArrayStream*) -> const char* { return ""; };
  out->release = [](ArrowArrayStream* stream) {
    std::unique_ptr<Served>(static_cast<Served*>(stream->private_data)).reset();
    stream->release = nullptr;
  };
}

}  // namespace detail

inline MemoryHost::MemoryHost(
    std::initializer_list<std::pair<const std::string, std::string>> tables)
    : lookups(tables) {
  host_.struct_size = sizeof host_;
  host_.abi_minor = CM_ABI_MINOR;
  host_.ctx = this;
  host_.log_enabled = [](void*, int32_t) -> int32_t { return 1; };
  host_.log = [](void* ctx, int32_t level, cm_str text) {
    const Lock lock(self(ctx)->mutex_);
    self(ctx)->log.push_back({level, std::string(from_abi(text))});
  };
  host_.metric = [](void* ctx, int32_t kind, cm_str name, double value) {
    self(ctx)->note_metric(kind, name, value);
  };
  host_.cancelled = [](void* ctx) -> int32_t { return self(ctx)->cancelled ? 1 : 0; };
  host_.secret = [](void* ctx, cm_str name, const cm_out* out, cm_error* error) {
    return self(ctx)->read_secret(name, out, error);
  };
  host_.lookup = [](void* ctx, cm_str name, const ArrowSchema* wanted, ArrowArrayStream* out,
                    cm_error* error) { return self(ctx)->read_lookup(name, wanted, out, error); };
  host_.get_extension = [](void*, const char*) -> const void* { return nullptr; };
}

inline void MemoryHost::note_metric(int32_t kind, cm_str name, double value) {
  const std::string key(from_abi(name));
  const Lock lock(mutex_);
  if (kind == CM_METRIC_OBSERVE) {
    observed[key].push_back(value);
  } else if (kind == CM_METRIC_SET) {
    metrics[key] = value;
  } else {
    metrics[key] += value;
  }
}

inline cm_code MemoryHost::read_secret(cm_str name, const cm_out* out, cm_error* error) const {
  const auto found = secrets.find(std::string(from_abi(name)));
  if (found == secrets.end())
    return chunkmill::detail::fail(error, CM_NOT_FOUND, "there is no such secret");
  out->write(out->ctx, found->second.data(), found->second.size());
  return CM_OK;
}

inline cm_code MemoryHost::read_lookup(cm_str name, const ArrowSchema* wanted,
                                       ArrowArrayStream* out, cm_error* error) const {
  return chunkmill::detail::guard(error, [&] {
    const auto found = lookups.find(std::string(from_abi(name)));
    if (found == lookups.end()) throw Error(CM_NOT_FOUND, "there is no such lookup");
    Rows rows(found->second);
    if (wanted != nullptr) rows = detail::converted(rows, chunkmill::detail::import_schema(wanted));
    detail::serve(std::move(rows), out);
    return CM_OK;
  });
}

}  // namespace chunkmill::testing
