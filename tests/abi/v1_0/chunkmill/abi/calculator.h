/* A calculator turns batches into batches. Lifecycle: create, needs, bind, {open, (process*,
 * flush)*, close}*, destroy. */
#ifndef CHUNKMILL_ABI_CALCULATOR_H
#define CHUNKMILL_ABI_CALCULATOR_H

#include "chunkmill/abi/host.h"
#include "chunkmill/abi/options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_calculator cm_calculator;           /* read-only once bound; the plugin's own */
typedef struct cm_calculator_lane cm_calculator_lane; /* all mutable state; the plugin's own */

/* A column of the input that is needed. */
typedef struct cm_need {
  uint32_t struct_size;
  int32_t optional; /* 1: the column may be missing */
  cm_str column;
  cm_str
      format;  /* Arrow format string of the wanted type ("g", "u", "l", ...); empty: as it comes */
  cm_str unit; /* wanted unit; empty: any */
  cm_str option; /* path of the option that named the column, for messages; may be empty */
} cm_need;

typedef struct cm_need_sink {
  void* ctx;
  void (*add)(void* ctx, const cm_need* need);
} cm_need_sink;

enum {
  /* The stream has one row for each input row, in order. Rows that were reported as bad hold
   * anything and are dropped by the host. Without this flag every batch comes with a parent index.
   */
  CM_STREAM_ROW_FOR_ROW = 1,
  /* The host puts the stream's columns after the input's own (a column of the same name replaces
   * it). Without ROW_FOR_ROW the parents must ascend, each at most once: the input rows that are
   * not among them are left out. */
  CM_STREAM_APPEND = 2
};

/* An output stream; the first one declared is the main stream, which the next calculator sees. */
typedef struct cm_stream {
  uint32_t struct_size;
  uint32_t flags;
  cm_str name; /* "main" for the first */
  struct ArrowSchema*
      schema; /* a struct schema; the host moves it out (sets its release to NULL) */
} cm_stream;

typedef struct cm_stream_sink {
  void* ctx;
  void (*add)(void* ctx, const cm_stream* stream);
} cm_stream_sink;

/* Takes output batches. `array` is moved from. `parents[i]` is the input row that output row i came
 * from (-1: no single one), copied at once; NULL for a ROW_FOR_ROW stream. [lane] */
typedef struct cm_emit {
  void* ctx;
  void (*batch)(void* ctx, uint32_t stream, struct ArrowArray* array, const int64_t* parents);
} cm_emit;

typedef struct cm_calculator_api {
  uint32_t struct_size;
  uint32_t reserved;
  /* Reads options; may fetch lookups. [control] */
  cm_code (*create)(const cm_host* host, const cm_options* options, cm_calculator** out,
                    cm_error* error);
  void (*destroy)(cm_calculator* self); /* [control] */
  /* Which columns it reads. `available` is the struct schema of what there is: types may still be
   * widened for it. A calculator that chooses by the columns present looks here. [control] */
  cm_code (*needs)(cm_calculator* self, const struct ArrowSchema* available,
                   const cm_need_sink* out, cm_error* error);
  /* `input` is the struct schema of the batches to come: needed columns in the wanted types, others
   * as they are. Declares the output streams, the main one first. Lookups are loaded here at the
   * latest. [control] */
  cm_code (*bind)(cm_calculator* self, const struct ArrowSchema* input, const cm_stream_sink* out,
                  cm_error* error);
  cm_code (*open)(cm_calculator* self, cm_calculator_lane** out, cm_error* error); /* [control] */
  /* `input` is borrowed: neither released nor kept. [lane] */
  cm_code (*process)(cm_calculator_lane* lane, const cm_chunk* chunk,
                     const struct ArrowArray* input, const cm_emit* out,
                     const cm_row_errors* errors, cm_error* error);
  /* Optional. Once after the last batch of each chunk. [lane] */
  cm_code (*flush)(cm_calculator_lane* lane, const cm_chunk* chunk, const cm_emit* out,
                   const cm_row_errors* errors, cm_error* error);
  void (*close)(cm_calculator_lane* lane); /* [lane] */
} cm_calculator_api;

/* Flags of cm_module for calculators. */
enum {
  CM_CALCULATOR_ORDERED = 1, /* one lane, chunks in source order */
  CM_CALCULATOR_PURE = 2     /* the same input gives the same output */
};

#ifdef __cplusplus
}
#endif
#endif
