/* Services the host gives to every plugin object, valid from create() until destroy() returned. */
#ifndef CHUNKMILL_ABI_HOST_H
#define CHUNKMILL_ABI_HOST_H

#include "chunkmill/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CM_LOG_DEBUG = 1, CM_LOG_INFO = 2, CM_LOG_WARN = 3, CM_LOG_ERROR = 4 };

enum {
  CM_METRIC_ADD = 1,    /* a sum: per chunk, and per run */
  CM_METRIC_SET = 2,    /* the last value counts */
  CM_METRIC_OBSERVE = 3 /* one sample: count, sum, minimum, maximum */
};

typedef struct cm_host {
  uint32_t struct_size;
  uint32_t abi_minor;
  void* ctx;
  /* 1 when a message of this level would be kept. [any-thread] */
  int32_t (*log_enabled)(void* ctx, int32_t level);
  /* One line, without a newline at its end. [any-thread] */
  void (*log)(void* ctx, int32_t level, cm_str message);
  /* Counted for the chunk that the calling thread works on, if any, and for the run. Once a batch,
   * not once a row. [any-thread] */
  void (*metric)(void* ctx, int32_t kind, cm_str name, double value);
  /* 1 once the run is being stopped: long calls should come back soon. [any-thread] */
  int32_t (*cancelled)(void* ctx);
  /* The value of a secret by name (environment or file). CM_NOT_FOUND if there is none. [control]
   */
  cm_code (*secret)(void* ctx, cm_str name, const cm_out* out, cm_error* error);
  /* A reference table of the job's `lookups:`, read whole. `wanted` is a struct schema with the
   * columns and types that are needed, read straight into those types; NULL gives all columns as
   * the source types them. A row that does not parse, and a wanted column that is missing, is an
   * error that names file and line. The caller releases the stream. [control] */
  cm_code (*lookup)(void* ctx, cm_str name, const struct ArrowSchema* wanted,
                    struct ArrowArrayStream* out, cm_error* error);
  /* A later ability by id ("chunkmill.NAME/1"); NULL if this host has none of that name.
   * [any-thread] */
  const void* (*get_extension)(void* ctx, const char* id);
} cm_host;

#ifdef __cplusplus
}
#endif
#endif
