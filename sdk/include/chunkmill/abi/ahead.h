/* Extension of sinks, CM_SINK_AHEAD of cm_module.get_extension: where chunks must be committed in
 * order, several can be written at a time even so. Each is written in a transaction of its own
 * before its turn, and committed when its turn comes. */
#ifndef CHUNKMILL_ABI_AHEAD_H
#define CHUNKMILL_ABI_AHEAD_H

#include "chunkmill/abi/sink.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CM_SINK_AHEAD "chunkmill.sink_ahead/1"

enum {
  CM_AHEAD_LOCKS = 1 /* a chunk that is written keeps others waiting that touch the same rows */
};

typedef struct cm_sink_ahead {
  uint32_t struct_size;
  uint32_t flags; /* CM_AHEAD_* */
  /* In place of begin(), for a chunk before which others are not committed yet: begins its
   * transaction, and leaves the ledger alone. commit() comes only when all chunks before it are
   * committed; it looks at the ledger as begin() does, and gives CM_FENCED where that does not
   * stand at the chunk's begin. With CM_AHEAD_LOCKS the second of two chunks that touch one row
   * waits for the end of the first; the host gives up, with abort(), a chunk that may keep an
   * earlier one waiting. Without it any number of chunks may be open. [lane] */
  cm_code (*begin_ahead)(cm_sink_lane* lane, const cm_chunk* chunk, cm_error* error);
} cm_sink_ahead;

#ifdef __cplusplus
}
#endif
#endif
