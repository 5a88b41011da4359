/* Extension of sinks, CM_SINK_TALLY of cm_module.get_extension: the sums of a run's counts as the
 * sink's own ledger has them. The host asks at the end of a run, and compares them with its own
 * counts: a chunk that the sink has lost, or has twice, is found there. */
#ifndef CHUNKMILL_ABI_TALLY_H
#define CHUNKMILL_ABI_TALLY_H

#include "chunkmill/abi/sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CM_SINK_TALLY "chunkmill.sink_tally/1"

/* Over all splits of a run. */
typedef struct cm_tally {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t splits; /* of which something is committed */
  uint64_t rows_in, rows_out, rows_rejected, rows_filtered;
} cm_tally;

typedef struct cm_sink_tally {
  uint32_t struct_size;
  uint32_t reserved;
  /* What the ledger holds of `run`, the attached one or, before attach(), one that ledger() has
   * named, also what other workers have committed. Changes nothing. [control] */
  cm_code (*tally)(cm_sink* self, const cm_run* run, cm_tally* out, cm_error* error);
} cm_sink_tally;

#ifdef __cplusplus
}
#endif
#endif
