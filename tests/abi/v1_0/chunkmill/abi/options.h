/* Typed access to a tree of values: a plugin's options, and the fields of an event. Keeps parsers
 * out of plugins. */
#ifndef CHUNKMILL_ABI_OPTIONS_H
#define CHUNKMILL_ABI_OPTIONS_H

#include "chunkmill/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CM_NULL = 0, CM_BOOL = 1, CM_INT = 2, CM_FLOAT = 3, CM_STRING = 4, CM_LIST = 5, CM_MAP = 6 };

/* A node is a handle of the host's; NULL means 'not there'. Nodes and the strings they give live as
 * long as the cm_options that was passed. A plain scalar answers to every getter it can be read as
 * without loss (`1` is an int, a float and a string; a quoted "1" is a string alone). Getters
 * return 1 when `*out` was written, else 0. [any-thread] */
typedef struct cm_options {
  uint32_t struct_size;
  uint32_t reserved;
  const void* root; /* a map */
  int32_t (*kind)(const void* node);
  size_t (*size)(const void* node);                  /* entries of a list or map */
  const void* (*at)(const void* node, size_t index); /* list element, or map value in file order */
  int32_t (*key)(const void* node, size_t index, cm_str* out); /* map key in file order */
  const void* (*find)(const void* node, cm_str key);           /* map value by key */
  int32_t (*as_bool)(const void* node, int32_t* out);
  int32_t (*as_int)(const void* node, int64_t* out);
  int32_t (*as_float)(const void* node, double* out);
  int32_t (*as_string)(const void* node, cm_str* out);
} cm_options;

#ifdef __cplusplus
}
#endif
#endif
