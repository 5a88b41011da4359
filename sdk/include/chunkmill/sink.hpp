// Sinks in C++: derive from Sink and SinkLane, export with CHUNKMILL_SINK. The contracts are those
// of abi/sink.h.
//
// A Sink class has `static constexpr Info kInfo` and may have, beside the virtual functions:
//   void configure(Options&);
//   bool join(const Run&, bool supersede); std::optional<SplitState> claim(std::string_view split);
//   void leave();
//   Tally tally(const Run&);
// With tally() the host checks its counts against the sink's, see abi/tally.h. With join(), claim()
// and leave() several workers share a run through its ledger, see abi/sharing.h: join()
// says false where workers that live are at another run of the job, claim() gives nothing where one
// has the split, leave() is called before the sink is destroyed. With `static constexpr uint32_t
// kAhead`, of CM_AHEAD_*, its lanes have begin_ahead(), see abi/ahead.h. Any function may throw
// Error; bad rows of a batch are Error(CM_DATA), with what is known of them reported before.
#pragma once

#include "chunkmill/abi/ahead.h"
#include "chunkmill/abi/sharing.h"
#include "chunkmill/abi/sink.h"
#include "chunkmill/abi/tally.h"
#include "chunkmill/module.hpp"
#include "chunkmill/types.hpp"

namespace chunkmill {

struct SinkStream {
  std::string name;
  Schema schema;
};

struct SinkAbilities {
  uint32_t flags = 0;      // CM_SINK_*
  uint32_t max_lanes = 1;  // 0: any number
  uint64_t max_batch_bytes = 0;
};

// One connection or buffer. Calls on one lane never overlap.
class SinkLane {
 public:
  virtual ~SinkLane() = default;
  // False: the ledger has this chunk already. What `chunk` refers to lives until commit() or
  // abort().
  virtual bool begin(const Chunk& chunk) = 0;
  // In place of begin(), while chunks before this one are not committed yet.
  virtual void begin_ahead(const Chunk&) {
    throw Error(CM_UNSUPPORTED, "chunks of this sink begin in order");
  }
  virtual void write(uint32_t stream, const Batch& batch, RowErrors& errors) = 0;
  virtual void commit(const Counts& counts) = 0;
  virtual void abort() noexcept = 0;
};

// Shared by its lanes; it guards itself what they share.
class Sink : public Plugin {
 public:
  virtual ~Sink() = default;
  virtual SinkAbilities bind(const std::vector<SinkStream>& streams) = 0;
  virtual void check() {}
  virtual std::optional<LedgerRun> ledger(std::string_view) { return std::nullopt; }
  virtual void attach(const Run&) {}
  virtual std::optional<SplitState> committed(std::string_view) { return std::nullopt; }
  virtual std::unique_ptr<SinkLane> open() = 0;
  virtual void finish(const Run&) {}
  virtual void interrupt() {}
};

namespace detail {

template <typename T>
class SinkAdapter {
  struct Bound {
    std::unique_ptr<T> plugin;
    std::vector<SinkStream> streams;
  };
  struct Lane {
    const Bound* bound;
    std::unique_ptr<SinkLane> user;
  };
  static Bound* bound(cm_sink* self) { return reinterpret_cast<Bound*>(self); }
  static T* sink(cm_sink* self) { return bound(self)->plugin.get(); }
  static Lane* lane(cm_sink_lane* self) { return reinterpret_cast<Lane*>(self); }
  static Run run_from(const cm_run* run) {
    return Run{std::string(from_abi(run->job)),
               std::string(from_abi(run->run)),
               std::string(from_abi(run->fingerprint)),
               std::string(from_abi(run->owner)),
               run->epoch,
               (run->flags & CM_RUN_APPENDS) != 0};
  }

  static cm_code create(const cm_host* host, const cm_options* options, cm_sink** out,
                        cm_error* error) noexcept {
    return guard(error, [&] {
      auto made = std::make_unique<Bound>();
      made->plugin = create_plugin<T>(host, options);
      *out = reinterpret_cast<cm_sink*>(made.release());
      return CM_OK;
    });
  }
  static void destroy(cm_sink* self) noexcept {
    if constexpr (kShared) sink(self)->leave();
    delete bound(self);
  }
  static cm_code bind(cm_sink* self, const cm_sink_stream* streams, uint32_t count,
                      cm_sink_abilities* abilities, cm_error* error) noexcept {
    return guard(error, [&] {
      Bound* const b = bound(self);
      b->streams.clear();
      for (uint32_t i = 0; i < count; ++i)
        b->streams.push_back(
            {std::string(from_abi(streams[i].name)), import_schema(streams[i].schema)});
      const SinkAbilities can = b->plugin->bind(b->streams);
      abilities->flags = can.flags;
      abilities->max_lanes = can.max_lanes;
      abilities->max_batch_bytes = can.max_batch_bytes;
      return CM_OK;
    });
  }
  static cm_code check(cm_sink* self, cm_error* error) noexcept {
    return guard(error, [&] {
      sink(self)->check();
      return CM_OK;
    });
  }
  static cm_code ledger(cm_sink* self, cm_str job, const cm_out* out, cm_error* error) noexcept {
    return guard(error, [&] {
      if (const std::optional<LedgerRun> run = sink(self)->ledger(from_abi(job)))
        write_to(out, run->run + "\n" + run->fingerprint + "\n" +
                          (run->finished ? "finished\n" : "running\n"));
      return CM_OK;
    });
  }
  static cm_code attach(cm_sink* self, const cm_run* run, cm_error* error) noexcept {
    return guard(error, [&] {
      sink(self)->attach(run_from(run));
      return CM_OK;
    });
  }
  static cm_code committed(cm_sink* self, cm_str split, cm_split_state* state,
                           const cm_out* position, cm_error* error) noexcept {
    return guard(error, [&]() -> cm_code {
      const std::optional<SplitState> found = sink(self)->committed(from_abi(split));
      if (!found) return CM_NOT_FOUND;
      write_state(*found, state, position);
      return CM_OK;
    });
  }
  static void write_state(const SplitState& found, cm_split_state* state, const cm_out* position) {
    state->done = found.done ? 1 : 0;
    state->epoch = found.epoch;
    state->next_chunk = found.next_chunk;
    state->rows_in = found.counts.rows_in;
    state->rows_out = found.counts.rows_out;
    state->rows_rejected = found.counts.rows_rejected;
    state->rows_filtered = found.counts.rows_filtered;
    write_to(position, found.position);
  }
  static cm_code join(cm_sink* self, const cm_run* run, int32_t supersede,
                      cm_error* error) noexcept {
    return guard(error, [&]() -> cm_code {
      if constexpr (kShared)
        return sink(self)->join(run_from(run), supersede != 0) ? CM_OK : CM_END;
      return CM_UNSUPPORTED;
    });
  }
  static cm_code claim(cm_sink* self, cm_str split, cm_split_state* state, const cm_out* position,
                       cm_error* error) noexcept {
    return guard(error, [&]() -> cm_code {
      if constexpr (kShared) {
        const std::optional<SplitState> found = sink(self)->claim(from_abi(split));
        if (!found) return CM_END;
        write_state(*found, state, position);
        return CM_OK;
      }
      return CM_UNSUPPORTED;
    });
  }
  static cm_code tally(cm_sink* self, const cm_run* run, cm_tally* out, cm_error* error) noexcept {
    return guard(error, [&]() -> cm_code {
      if constexpr (kTallies) {
        const Tally found = sink(self)->tally(run_from(run));
        out->splits = found.splits;
        out->rows_in = found.counts.rows_in;
        out->rows_out = found.counts.rows_out;
        out->rows_rejected = found.counts.rows_rejected;
        out->rows_filtered = found.counts.rows_filtered;
        return CM_OK;
      }
      return CM_UNSUPPORTED;
    });
  }
  static cm_code open(cm_sink* self, cm_sink_lane** out, cm_error* error) noexcept {
    return guard(error, [&] {
      auto made = std::make_unique<Lane>(Lane{bound(self), sink(self)->open()});
      if (made->user == nullptr) throw Error(CM_INTERNAL, "open() returned no lane");
      *out = reinterpret_cast<cm_sink_lane*>(made.release());
      return CM_OK;
    });
  }
  static cm_code begin(cm_sink_lane* self, const cm_chunk* chunk, cm_error* error) noexcept {
    return guard(error, [&] { return lane(self)->user->begin(Chunk(chunk)) ? CM_OK : CM_END; });
  }
  static cm_code begin_ahead(cm_sink_lane* self, const cm_chunk* chunk, cm_error* error) noexcept {
    return guard(error, [&] {
      lane(self)->user->begin_ahead(Chunk(chunk));
      return CM_OK;
    });
  }
  static cm_code write(cm_sink_lane* self, uint32_t stream, const ArrowArray* batch,
                       const cm_row_errors* errors, cm_error* error) noexcept {
    return guard(error, [&] {
      RowErrors row_errors(errors);
      const std::vector<SinkStream>& streams = lane(self)->bound->streams;
      if (stream >= streams.size()) throw Error(CM_INTERNAL, "there is no such stream");
      lane(self)->user->write(stream, Batch(batch, &streams[stream].schema), row_errors);
      return CM_OK;
    });
  }
  static cm_code commit(cm_sink_lane* self, const cm_counts* counts, cm_error* error) noexcept {
    return guard(error, [&] {
      lane(self)->user->commit(
          Counts{counts->rows_in, counts->rows_out, counts->rows_rejected, counts->rows_filtered});
      return CM_OK;
    });
  }
  static void abort(cm_sink_lane* self) noexcept { lane(self)->user->abort(); }
  static void close(cm_sink_lane* self) noexcept { delete lane(self); }
  static cm_code finish(cm_sink* self, const cm_run* run, cm_error* error) noexcept {
    return guard(error, [&] {
      sink(self)->finish(run_from(run));
      return CM_OK;
    });
  }
  static void interrupt(cm_sink* self) noexcept {
    guard(nullptr, [&] {
      sink(self)->interrupt();
      return CM_OK;
    });
  }

  static constexpr bool kShared = requires(T & t, const Run& run) {
    t.join(run, true);
    t.claim(std::string_view());
    t.leave();
  };
  static constexpr cm_sink_sharing kSharing{sizeof(cm_sink_sharing), 0, join, claim};
  static constexpr bool kTallies = requires(T & t, const Run& run) { t.tally(run); };
  static constexpr cm_sink_tally kTally{sizeof(cm_sink_tally), 0, tally};
  static const cm_sink_ahead* ahead() noexcept {
    if constexpr (requires { T::kAhead; }) {
      static constexpr cm_sink_ahead kTable{sizeof(cm_sink_ahead), T::kAhead, begin_ahead};
      return &kTable;
    }
    return nullptr;
  }

 public:
  static const void* extension(const char* id) noexcept {
    if (kShared && std::string_view(id) == CM_SINK_SHARING) return &kSharing;
    if (kTallies && std::string_view(id) == CM_SINK_TALLY) return &kTally;
    return std::string_view(id) == CM_SINK_AHEAD ? ahead() : nullptr;
  }
  static constexpr cm_sink_api kApi{sizeof(cm_sink_api),
                                    0,
                                    create,
                                    destroy,
                                    bind,
                                    check,
                                    ledger,
                                    attach,
                                    committed,
                                    open,
                                    begin,
                                    write,
                                    nullptr,
                                    commit,
                                    abort,
                                    close,
                                    finish,
                                    interrupt};
};

}  // namespace detail
}  // namespace chunkmill

#define CHUNKMILL_SINK(T)                                                             \
  static_assert(std::is_base_of_v<::chunkmill::Sink, T>, "a sink derives from Sink"); \
  CHUNKMILL_EXPORT(T, CM_KIND_SINK, ::chunkmill::detail::SinkAdapter<T>::kApi,        \
                   ::chunkmill::detail::SinkAdapter<T>::extension)
