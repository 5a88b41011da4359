/* Extension of sinks, CM_SINK_SHARING of cm_module.get_extension: several workers (processes, on
 * one machine or many) share the splits of one run through the sink's ledger. The host uses it in
 * place of attach() and committed() where the job has one such sink and no other that keeps rows.
 */
#ifndef CHUNKMILL_ABI_SHARING_H
#define CHUNKMILL_ABI_SHARING_H

#include "chunkmill/abi/sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CM_SINK_SHARING "chunkmill.sink_sharing/1"

typedef struct cm_sink_sharing {
  uint32_t struct_size;
  uint32_t reserved;
  /* As attach(), and makes this process (`run->owner`) known as a worker of the run. CM_END, with
   * nothing changed: workers that live are at another run of the job, or one has begun since
   * ledger() was asked last; where `supersede` is not 0 that run is ended instead. [control] */
  cm_code (*join)(cm_sink* self, const cm_run* run, int32_t supersede, cm_error* error);
  /* CM_OK: `split` is this worker's from `state` and `position` on, under `state->epoch`, or is
   * done (`state->done`). Whoever had it is gone: its epoch is passed, its sessions are ended.
   * CM_END: a worker that lives has it. [control] */
  cm_code (*claim)(cm_sink* self, cm_str split, cm_split_state* state, const cm_out* position,
                   cm_error* error);
} cm_sink_sharing;

#ifdef __cplusplus
}
#endif
#endif
