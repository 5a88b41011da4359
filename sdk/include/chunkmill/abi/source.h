/* A source reads rows. Lifecycle: create, schema, select?, plan, {open, (next, position,
 * committed?)*, close}*, destroy. */
#ifndef CHUNKMILL_ABI_SOURCE_H
#define CHUNKMILL_ABI_SOURCE_H

#include "chunkmill/abi/host.h"
#include "chunkmill/abi/options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_source cm_source;           /* read-only once planned; the plugin's own */
typedef struct cm_source_lane cm_source_lane; /* all mutable state; the plugin's own */

/* A part of the source that can be read on its own. */
typedef struct cm_split {
  uint32_t struct_size;
  uint32_t reserved;
  cm_str id;               /* stable for the same input: it keys the ledger */
  cm_str where;            /* for people: file name, byte or key range */
  int64_t estimated_rows;  /* -1 if unknown */
  int64_t estimated_bytes; /* -1 if unknown */
} cm_split;

typedef struct cm_split_sink {
  void* ctx;
  void (*add)(void* ctx, const cm_split* split);
} cm_split_sink;

/* How much one call of next() may read. */
typedef struct cm_next {
  uint32_t struct_size;
  uint32_t max_wait_ms; /* an unbounded source gives what it has when the wait is over; 0 means no
                           limit */
  uint64_t max_rows;    /* records, good and bad together; at least 1 */
  uint64_t max_bytes;   /* of the batch, roughly; 0 means no limit */
} cm_next;

/* A record as it stands in the input. */
typedef struct cm_record {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t ordinal; /* in its chunk, from 0 */
  int64_t line;     /* in `where`, from 1; 0 if unknown */
  cm_str where;     /* file or table */
  cm_str raw;       /* text that replay() of the same source understands */
} cm_record;

typedef struct cm_record_sink {
  void* ctx;
  void (*add)(void* ctx, const cm_record* record);
} cm_record_sink;

typedef struct cm_source_api {
  uint32_t struct_size;
  uint32_t reserved;
  /* Reads options, touches nothing else. [control] */
  cm_code (*create)(const cm_host* host, const cm_options* options, cm_source** out,
                    cm_error* error);
  void (*destroy)(cm_source* self); /* [control] */
  /* A struct schema of all columns this source can give. May open the input. [control] */
  cm_code (*schema)(cm_source* self, struct ArrowSchema* out, cm_error* error);
  /* Optional (may be NULL). `wanted` is a struct schema: the columns, in order, and types that the
   * batches of next() must have from now on. CM_UNSUPPORTED: the host projects and casts instead.
   * [control] */
  cm_code (*select)(cm_source* self, const struct ArrowSchema* wanted, cm_error* error);
  /* Lists the splits. `parallel` is how many readers there are; splits must not depend on it, so
   * that a run goes on with another number. 0 asks for parts that nothing needs to be cut for: rows
   * that belong together stand side by side anywhere in a file or range. The same input gives the
   * same splits. [control] */
  cm_code (*plan)(cm_source* self, uint32_t parallel, const cm_split_sink* out, cm_error* error);
  /* Optional. Text that changes when the input changes (file sizes, times, a hash of their heads;
   * schema of a table). It is part of the fingerprint that guards a resume. [control] */
  cm_code (*identity)(cm_source* self, const cm_out* out, cm_error* error);
  /* A lane that reads `split` from `position`; empty: from its start. [control] */
  cm_code (*open)(cm_source* self, cm_str split, cm_str position, cm_source_lane** out,
                  cm_error* error);
  /* The next rows as a struct array that the caller releases, and CM_OK; or CM_END, nothing written
   * to `out`, when the split is at its end. Records that cannot be read go to `errors` and count
   * towards max_rows; length 0 with errors is legal. [lane] */
  cm_code (*next)(cm_source_lane* lane, const cm_next* limits, struct ArrowArray* out,
                  const cm_row_errors* errors, cm_error* error);
  /* Where the next chunk begins: opaque text, at most 4096 bytes, good for open() in a later
   * process. [lane] */
  cm_code (*position)(cm_source_lane* lane, const cm_out* out, cm_error* error);
  /* Optional. `position` and all before it is committed in every sink: queues acknowledge now.
   * [lane] */
  cm_code (*committed)(cm_source_lane* lane, cm_str position, cm_error* error);
  void (*close)(cm_source_lane* lane); /* [lane] */
  /* Optional. Makes blocked calls return CM_CANCELLED soon. [any-thread] */
  void (*interrupt)(cm_source* self);
  /* Optional. Reads some records of a chunk again, as text: `begin` is the chunk's begin position,
   * `ordinals` ascend. Used for rejects, seldom. [any-thread] */
  cm_code (*records)(cm_source* self, cm_str split, cm_str begin, const uint64_t* ordinals,
                     uint64_t count, const cm_record_sink* out, cm_error* error);
  /* Optional. A lane over records given as text (copied at once) instead of the input. Positions on
   * it are the number of records consumed, in decimal. [control] */
  cm_code (*replay)(cm_source* self, const cm_record* records, uint64_t count, cm_source_lane** out,
                    cm_error* error);
} cm_source_api;

#ifdef __cplusplus
}
#endif
#endif
