// Sources in C++: derive from Source and SourceLane, export with CHUNKMILL_SOURCE. The contracts
// are those of abi/source.h.
//
// A Source class has `static constexpr Info kInfo` and may have, beside the virtual functions:
//   void configure(Options&);
//   void records(std::string_view split, std::string_view begin,
//                std::span<const uint64_t> ordinals, RecordSink& out);
//   std::unique_ptr<SourceLane> replay(std::vector<Record> records);
// With records() its rejects carry the original text, with replay() they can be fed in again. Any
// of these may throw Error.
#pragma once

#include <span>

#include "chunkmill/abi/rerun.h"
#include "chunkmill/abi/source.h"
#include "chunkmill/builder.hpp"
#include "chunkmill/module.hpp"
#include "chunkmill/types.hpp"

namespace chunkmill {

class RecordSink {
 public:
  explicit RecordSink(const cm_record_sink* out) : out_(out) {}
  void add(uint64_t ordinal, std::string_view raw, std::string_view where, int64_t line) {
    const cm_record record{sizeof(cm_record), 0, ordinal, line, to_abi(where), to_abi(raw)};
    out_->add(out_->ctx, &record);
  }

 private:
  const cm_record_sink* out_;
};

// Reads one split. Calls on one lane never overlap; they may come from different threads.
class SourceLane {
 public:
  virtual ~SourceLane() = default;
  // Puts the next rows into `*out` and returns true; false at the end of the split. Records that
  // cannot be read go to `errors` with their ordinal in this call.
  virtual bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) = 0;
  virtual std::string position() const = 0;
  virtual void committed(std::string_view) {}
};

// What a job that has finished does when it is started again over the same input.
enum class Rerun {
  kNever = CM_RERUN_NEVER,        // the same input is not read twice
  kAnew = CM_RERUN_ANEW,          // a new run: what is to be read is asked for each time
  kContinue = CM_RERUN_CONTINUE,  // resumes from the positions that were committed last
  kUnknown = CM_RERUN_UNKNOWN,    // whether the data has changed cannot be known
};

// Read-only once planned; shared by its lanes.
class Source : public Plugin {
 public:
  virtual ~Source() = default;
  virtual Schema schema() = 0;
  // False: the host projects and casts.
  virtual bool select(const Schema&) { return false; }
  // `parallel` is how many readers there are; 0: do not cut files or ranges into parts.
  virtual std::vector<Split> plan(uint32_t parallel) = 0;
  virtual std::string identity() { return {}; }
  virtual std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) = 0;
  virtual Rerun rerun() const { return Rerun::kNever; }
  virtual void interrupt() {}
};

namespace detail {

template <typename T>
class SourceAdapter {
  static T* source(cm_source* self) { return reinterpret_cast<T*>(self); }
  static SourceLane* lane(cm_source_lane* self) { return reinterpret_cast<SourceLane*>(self); }

  static cm_code create(const cm_host* host, const cm_options* options, cm_source** out,
                        cm_error* error) noexcept {
    return guard(error, [&] {
      *out = reinterpret_cast<cm_source*>(create_plugin<T>(host, options).release());
      return CM_OK;
    });
  }
  static void destroy(cm_source* self) noexcept { delete source(self); }
  static cm_code schema(cm_source* self, ArrowSchema* out, cm_error* error) noexcept {
    return guard(error, [&] {
      source(self)->schema().export_to(out);
      return CM_OK;
    });
  }
  static cm_code select(cm_source* self, const ArrowSchema* wanted, cm_error* error) noexcept {
    return guard(error, [&] {
      return source(self)->select(import_schema(wanted)) ? CM_OK : CM_UNSUPPORTED;
    });
  }
  static cm_code plan(cm_source* self, uint32_t parallel, const cm_split_sink* out,
                      cm_error* error) noexcept {
    return guard(error, [&] {
      for (const Split& split : source(self)->plan(parallel)) {
        const cm_split said{sizeof(cm_split),     0,
                            to_abi(split.id),     to_abi(split.where),
                            split.estimated_rows, split.estimated_bytes};
        out->add(out->ctx, &said);
      }
      return CM_OK;
    });
  }
  static cm_code identity(cm_source* self, const cm_out* out, cm_error* error) noexcept {
    return guard(error, [&] {
      write_to(out, source(self)->identity());
      return CM_OK;
    });
  }
  static cm_code open(cm_source* self, cm_str split, cm_str position, cm_source_lane** out,
                      cm_error* error) noexcept {
    return guard(error, [&] {
      std::unique_ptr<SourceLane> made = source(self)->open(from_abi(split), from_abi(position));
      if (made == nullptr) throw Error(CM_INTERNAL, "open() returned no lane");
      *out = reinterpret_cast<cm_source_lane*>(made.release());
      return CM_OK;
    });
  }
  static cm_code next(cm_source_lane* self, const cm_next* limits, ArrowArray* out,
                      const cm_row_errors* errors, cm_error* error) noexcept {
    return guard(error, [&] {
      RowErrors row_errors(errors);
      const ReadLimits asked{limits->max_rows, limits->max_bytes, limits->max_wait_ms};
      return lane(self)->next(asked, out, row_errors) ? CM_OK : CM_END;
    });
  }
  static cm_code position(cm_source_lane* self, const cm_out* out, cm_error* error) noexcept {
    return guard(error, [&] {
      write_to(out, lane(self)->position());
      return CM_OK;
    });
  }
  static cm_code committed(cm_source_lane* self, cm_str position, cm_error* error) noexcept {
    return guard(error, [&] {
      lane(self)->committed(from_abi(position));
      return CM_OK;
    });
  }
  static void close(cm_source_lane* self) noexcept { delete lane(self); }
  static void interrupt(cm_source* self) noexcept {
    guard(nullptr, [&] {
      source(self)->interrupt();
      return CM_OK;
    });
  }
  static cm_code records(cm_source* self, cm_str split, cm_str begin, const uint64_t* ordinals,
                         uint64_t count, const cm_record_sink* out, cm_error* error) noexcept {
    return guard(error, [&] {
      if constexpr (kHasRecords) {
        RecordSink sink(out);
        source(self)->records(from_abi(split), from_abi(begin),
                              std::span<const uint64_t>(ordinals, count), sink);
      }
      return CM_OK;
    });
  }
  static cm_code replay(cm_source* self, const cm_record* records, uint64_t count,
                        cm_source_lane** out, cm_error* error) noexcept {
    return guard(error, [&] {
      if constexpr (kHasReplay) {
        std::vector<Record> copies;
        for (uint64_t i = 0; i < count; ++i)
          copies.push_back({records[i].ordinal, records[i].line,
                            std::string(from_abi(records[i].where)),
                            std::string(from_abi(records[i].raw))});
        *out = reinterpret_cast<cm_source_lane*>(source(self)->replay(std::move(copies)).release());
      }
      return CM_OK;
    });
  }

  static int32_t rerun(const cm_source* self) noexcept {
    return static_cast<int32_t>(reinterpret_cast<const T*>(self)->rerun());
  }
  static constexpr cm_source_rerun kRerun{sizeof(cm_source_rerun), 0, rerun};

  static constexpr bool kHasRecords =
      requires(T & t, std::span<const uint64_t> ordinals, RecordSink& sink) {
    t.records(std::string_view(), std::string_view(), ordinals, sink);
  };
  static constexpr bool kHasReplay = requires(T & t, std::vector<Record> records) {
    t.replay(std::move(records));
  };

 public:
  static const void* extension(const char* id) noexcept {
    return std::string_view(id) == CM_SOURCE_RERUN ? &kRerun : nullptr;
  }
  static constexpr cm_source_api kApi{sizeof(cm_source_api),
                                      0,
                                      create,
                                      destroy,
                                      schema,
                                      select,
                                      plan,
                                      identity,
                                      open,
                                      next,
                                      position,
                                      committed,
                                      close,
                                      interrupt,
                                      kHasRecords ? records : nullptr,
                                      kHasReplay ? replay : nullptr};
};

}  // namespace detail
}  // namespace chunkmill

#define CHUNKMILL_SOURCE(T)                                                                 \
  static_assert(std::is_base_of_v<::chunkmill::Source, T>, "a source derives from Source"); \
  CHUNKMILL_EXPORT(T, CM_KIND_SOURCE, ::chunkmill::detail::SourceAdapter<T>::kApi,          \
                   ::chunkmill::detail::SourceAdapter<T>::extension)
