/* The words every other ABI header speaks: versions, strings, output callbacks, result codes,
 * errors, row errors, chunks.
 *
 * Rules for all of the ABI:
 *
 * - Every struct that crosses begins with `struct_size`, set by whoever made it, and only ever
 *   grows at its end. A reader checks that a field lies inside it first (CM_HAS).
 *
 * - No exception, longjmp or exit crosses the line. A function that can fail returns a cm_code and
 *   fills the caller's cm_error.
 *
 * - Memory crosses in two ways only: through Arrow `release`, or through a callback that copies at
 *   once.
 *
 * - Thread tags stand at the end of each function's comment. They speak of symbolic threads:
 *
 *   [control]     calls for one object never overlap;
 *
 *   [lane]        calls on one lane never overlap; lanes run in parallel; the thread may change;
 *
 *   [any-thread]  at any time, from any thread. */
#ifndef CHUNKMILL_ABI_BASE_H
#define CHUNKMILL_ABI_BASE_H

#include <stddef.h>
#include <stdint.h>

#include "chunkmill/abi/arrow.h"

#define CM_ABI_MAJOR 1
#define CM_ABI_MINOR 0

/* True when `field` lies inside the struct that `ptr` points to. */
#define CM_HAS(ptr, type, field) \
  ((ptr)->struct_size >= (uint32_t)(offsetof(type, field) + sizeof(((type*)0)->field)))

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed UTF-8, not NUL-terminated. {NULL, 0} is the empty string. Valid for the duration of the
 * call it is passed to. */
typedef struct cm_str {
  const char* data;
  size_t size;
} cm_str;

/* Where a callee writes bytes to; `write` copies at once and may be called several times. */
typedef struct cm_out {
  void* ctx;
  void (*write)(void* ctx, const void* data, size_t size);
} cm_out;

typedef int32_t cm_code;

/* A plugin states facts with these; the host alone decides whether to retry, reject or stop. */
enum {
  CM_OK = 0,
  CM_END = 1,         /* no more rows; or: this chunk is already in the ledger */
  CM_INVALID = 2,     /* an option, a schema or an argument is wrong: the job file must change */
  CM_DATA = 3,        /* rows of this batch are bad: reported rows, or the host looks for them */
  CM_IO = 4,          /* reading or writing failed */
  CM_UNAVAILABLE = 5, /* a server or resource does not answer */
  CM_PERMISSION = 6,  /* not allowed */
  CM_NOT_FOUND = 7,   /* file, table, column, lookup, secret */
  CM_FULL = 8,        /* disk or quota full */
  CM_TOO_LARGE = 9,   /* the batch or statement is too large: a smaller one may do */
  CM_FENCED = 10, /* another worker owns this split: the ledger's compare-and-swap touched no row */
  CM_COMMIT_UNKNOWN = 11, /* the answer to a commit was lost: ask committed() */
  CM_CANCELLED = 12,      /* interrupted on request */
  CM_UNSUPPORTED = 13,    /* a type or feature that this plugin does not have */
  CM_INTERNAL = 14        /* a bug in the plugin: it threw, or found its own state broken */
};

/* Owned by the caller, filled by the callee, released by nobody. The caller sets struct_size and
 * zeroes the rest. */
typedef struct cm_error {
  uint32_t struct_size;
  cm_code code;
  int32_t retryable;      /* 1: the same call may succeed later */
  int32_t vendor_code;    /* errno, sqlite result code, ... 0 if none */
  int64_t retry_after_ms; /* -1 if the other side did not say */
  int64_t row;            /* row of the batch that the other side named, -1 if none */
  char sqlstate[8];       /* NUL-terminated, empty if none */
  char where[128]; /* NUL-terminated: a table, a file, or the path of an option ("columns.spend") */
  char message[1024]; /* NUL-terminated UTF-8: what happened, and what to do */
} cm_error;

/* One bad row. */
typedef struct cm_row_error {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t row;    /* source: ordinal of the record in this chunk, counted from 0 over good and bad
                     records alike;    calculator and sink: row of the batch in hand, counted from 0 */
  int64_t line;   /* source: line in `where`, counted from 1; 0 if unknown */
  cm_str code;    /* snake_case, stable: "bad_number", "unknown_factor" */
  cm_str column;  /* empty if it is the whole row */
  cm_str message; /* what is wrong with which value */
  cm_str raw;     /* source: the record as it stood in the input; empty otherwise */
  cm_str where;   /* source: the file or table; empty otherwise */
} cm_row_error;

/* Where bad rows are reported; copies at once. [lane] */
typedef struct cm_row_errors {
  void* ctx;
  void (*report)(void* ctx, const cm_row_error* error);
} cm_row_errors;

/* What the host knows of the chunk in hand. */
typedef struct cm_chunk {
  uint32_t struct_size;
  uint32_t attempt;  /* counts from 1; a calculator with state forgets what an earlier attempt of
                        this chunk did */
  uint64_t sequence; /* in its split, from 0 */
  uint64_t epoch;    /* of the split's ownership */
  cm_str job;
  cm_str run;
  cm_str split;
  cm_str begin; /* positions: the ledger moves from begin to end; begin is empty at the start of a
                   split */
  cm_str end;
  int32_t last; /* 1: this chunk ends its split */
} cm_chunk;

#ifdef __cplusplus
}
#endif
#endif
