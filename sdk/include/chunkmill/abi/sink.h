/* A sink writes rows and remembers how far it came.
 * Lifecycle: create, bind, (attach, committed*, {open, {begin, write*, commit | abort}*, close}*,
 * finish?)?, destroy. */
#ifndef CHUNKMILL_ABI_SINK_H
#define CHUNKMILL_ABI_SINK_H

#include "chunkmill/abi/host.h"
#include "chunkmill/abi/options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_sink cm_sink; /* the plugin's own; what lanes share in it, it guards itself */
typedef struct cm_sink_lane cm_sink_lane; /* one connection or buffer; the plugin's own */

enum {
  CM_SINK_TRANSACTIONAL = 1,  /* abort() leaves nothing of the chunk behind */
  CM_SINK_KEEPS_POSITION = 2, /* rows and position are committed together: exactly once */
  CM_SINK_UPSERT = 4,
  CM_SINK_ATOMIC_WRITE =
      8, /* a write() that returns an error has left nothing of that batch in the transaction */
  CM_SINK_PER_ROW_RESULT = 16, /* write() reports each bad row itself and keeps the others */
  CM_SINK_FORGETS = 32,        /* keeps nothing: there is nothing that could be doubled or lost */
  CM_SINK_APPENDS = 64, /* a run with CM_RUN_APPENDS adds to what finished runs have left, and takes
                          nothing away */
  CM_SINK_REPEATABLE = 128, /* the same rows in a new run leave what they left before: all is
                               replaced, or written over by key */
  CM_SINK_SHOWS_ORDER = 256 /* what it holds in the end depends on the order of chunks, as the lines
                               of a file do, or the last row of a key: the source's order is kept
                               where the job does not say otherwise */
};

/* What a sink can do, as data. */
typedef struct cm_sink_abilities {
  uint32_t struct_size;
  uint32_t flags;
  uint32_t max_lanes; /* 1: one chunk at a time; 0: any number */
  uint32_t reserved;
  uint64_t max_batch_bytes; /* 0: no limit */
} cm_sink_abilities;

/* A stream that is wired to the sink. Its index in bind() is the `stream` of write(). */
typedef struct cm_sink_stream {
  uint32_t struct_size;
  uint32_t reserved;
  cm_str name;
  const struct ArrowSchema* schema; /* a struct schema; borrowed */
} cm_sink_stream;

enum {
  CM_RUN_APPENDS = 1 /* a replay, or the next run of an incremental source: what finished runs have
                        left stays. Only given to sinks with CM_SINK_APPENDS. */
};

/* A run, as the ledger knows it. */
typedef struct cm_run {
  uint32_t struct_size;
  uint32_t flags; /* CM_RUN_*; 0 from hosts that know none */
  cm_str job;
  cm_str run;
  cm_str fingerprint;
  cm_str owner;   /* host and process, for people */
  uint64_t epoch; /* of this attempt: higher than any before */
} cm_run;

/* How far a split is committed, as the ledger knows it. */
typedef struct cm_split_state {
  uint32_t struct_size;
  int32_t done; /* 1: its last chunk is committed */
  uint64_t epoch;
  uint64_t next_chunk; /* sequence of the next chunk */
  uint64_t rows_in, rows_out, rows_rejected, rows_filtered;
} cm_split_state;

/* Counts of a chunk, final when it is committed; rows_in = rows_out + rows_rejected +
 * rows_filtered. */
typedef struct cm_counts {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t rows_in, rows_out, rows_rejected, rows_filtered;
} cm_counts;

typedef struct cm_sink_api {
  uint32_t struct_size;
  uint32_t reserved;
  /* Reads options, touches nothing else. [control] */
  cm_code (*create)(const cm_host* host, const cm_options* options, cm_sink** out, cm_error* error);
  void (*destroy)(cm_sink* self); /* [control] */
  /* Checks that it can take these streams, and says what it can do. Opens and changes nothing.
   * [control] */
  cm_code (*bind)(cm_sink* self, const cm_sink_stream* streams, uint32_t count,
                  cm_sink_abilities* abilities, cm_error* error);
  /* Optional. Opens the target and checks its shape, changing nothing: `validate --connect`.
   * [control] */
  cm_code (*check)(cm_sink* self, cm_error* error);
  /* What the ledger holds for `job`: three lines to `out`, "run", "fingerprint", and "running" or
   * "finished", each ended by a newline; nothing if it knows no such job. Changes nothing. Sinks
   * with KEEPS_POSITION. [control] */
  cm_code (*ledger)(cm_sink* self, cm_str job, const cm_out* out, cm_error* error);
  /* Makes ready for `run`: tables, staging tables, ledger rows. Called once before lanes are
   * opened, with a run that is new or that the ledger knows already; going on with a known one
   * keeps what is committed. [control] */
  cm_code (*attach)(cm_sink* self, const cm_run* run, cm_error* error);
  /* How far `split` is committed in the attached run; takes it over under the run's epoch.
   * `position` gets the position's bytes. CM_NOT_FOUND: nothing of it is committed. Sinks with
   * KEEPS_POSITION. [control] */
  cm_code (*committed)(cm_sink* self, cm_str split, cm_split_state* state, const cm_out* position,
                       cm_error* error);
  cm_code (*open)(cm_sink* self, cm_sink_lane** out, cm_error* error); /* [control] */
  /* Begins the chunk's transaction. CM_END: the ledger has this chunk already, write nothing.
   * CM_FENCED: the ledger is neither at `begin` nor at `end`, or under another epoch. [lane] */
  cm_code (*begin)(cm_sink_lane* lane, const cm_chunk* chunk, cm_error* error);
  /* Writes a batch of one stream; `batch` is borrowed. CM_DATA: rows are bad; those that are known
   * go to `errors`. [lane] */
  cm_code (*write)(cm_sink_lane* lane, uint32_t stream, const struct ArrowArray* batch,
                   const cm_row_errors* errors, cm_error* error);
  /* Optional: one row of a batch. [lane] */
  cm_code (*write_row)(cm_sink_lane* lane, uint32_t stream, const struct ArrowArray* batch,
                       int64_t row, cm_error* error);
  /* Commits rows and position together; the ledger moves by compare-and-swap from the chunk's begin
   * to its end. After an error other than CM_COMMIT_UNKNOWN nothing of the chunk is committed.
   * Commits of one split come in order. [lane] */
  cm_code (*commit)(cm_sink_lane* lane, const cm_counts* counts, cm_error* error);
  void (*abort)(cm_sink_lane* lane); /* gives the chunk up; always succeeds. [lane] */
  void (*close)(cm_sink_lane* lane); /* [lane] */
  /* Optional. The run is complete: swap staging tables in, give files their names, mark the ledger
   * finished. CM_DATA: the run's rows as a whole are not to stand there; nothing has changed.
   * Repeatable. [control] */
  cm_code (*finish)(cm_sink* self, const cm_run* run, cm_error* error);
  /* Optional. Makes blocked calls return CM_CANCELLED soon. [any-thread] */
  void (*interrupt)(cm_sink* self);
} cm_sink_api;

#ifdef __cplusplus
}
#endif
#endif
