/* A hook is told what happens. Lifecycle: create, event*, destroy. */
#ifndef CHUNKMILL_ABI_HOOK_H
#define CHUNKMILL_ABI_HOOK_H

#include "chunkmill/abi/host.h"
#include "chunkmill/abi/options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_hook cm_hook;

typedef struct cm_hook_api {
  uint32_t struct_size;
  uint32_t reserved;
  cm_code (*create)(const cm_host* host, const cm_options* options, cm_hook** out,
                    cm_error* error); /* [control] */
  void (*destroy)(cm_hook* self);     /* [control] */
  /* `name` is run_start, chunk, retry, fallback, threshold or run_end; `fields` its values. An
   * error is logged, and counted, and ends nothing. [control] */
  cm_code (*event)(cm_hook* self, cm_str name, const cm_options* fields, cm_error* error);
} cm_hook_api;

#ifdef __cplusplus
}
#endif
#endif
