/* Extension of sources, CM_SOURCE_RERUN of cm_module.get_extension: what a job that has finished
 * does when it is started again over the same input. Without it: nothing. */
#ifndef CHUNKMILL_ABI_RERUN_H
#define CHUNKMILL_ABI_RERUN_H

#include "chunkmill/abi/source.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CM_SOURCE_RERUN "chunkmill.source_rerun/1"

enum {
  CM_RERUN_NEVER = 0,    /* the same input is not read twice */
  CM_RERUN_ANEW = 1,     /* a new run: what is to be read is asked for each time */
  CM_RERUN_CONTINUE = 2, /* the finished run resumes from the positions that were committed last */
  CM_RERUN_UNKNOWN = 3 /* identity() does not change with every change of the data: whether there is
                          something new cannot be known */
};

typedef struct cm_source_rerun {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*rerun)(const cm_source* self); /* CM_RERUN_*. [control] */
} cm_source_rerun;

#ifdef __cplusplus
}
#endif
#endif
