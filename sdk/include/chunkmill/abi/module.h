/* Start here: what a plugin file exports. One shared library holds one plugin and exports one
 * symbol, `chunkmill_module_v1`. The major version is part of that name. The library is named
 * KIND.NAME.so (source.csv.so), and a copy of its identity lies in the ELF section `.chunkmill`,
 * which the host reads before it lets the loader run anything. */
#ifndef CHUNKMILL_ABI_MODULE_H
#define CHUNKMILL_ABI_MODULE_H

#include "chunkmill/abi/calculator.h"
#include "chunkmill/abi/hook.h"
#include "chunkmill/abi/sink.h"
#include "chunkmill/abi/source.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CM_KIND_SOURCE = 1, CM_KIND_CALCULATOR = 2, CM_KIND_SINK = 3, CM_KIND_HOOK = 4 };

typedef struct cm_module {
  uint32_t struct_size;
  uint32_t abi_major;      /* CM_ABI_MAJOR of the headers it was built with */
  uint32_t abi_minor;      /* CM_ABI_MINOR of the headers it was built with */
  uint32_t min_host_minor; /* the oldest host minor it can live with */
  uint32_t kind;           /* CM_KIND_* */
  uint32_t flags;          /* CM_CALCULATOR_* */
  const char* name;        /* "csv", "scope3.purchased_goods": [a-z0-9_.], at most 63 bytes */
  const char* version;     /* semantic version */
  const char* summary;     /* one sentence */
  const void* api; /* cm_source_api, cm_calculator_api, cm_sink_api or cm_hook_api, by kind */
  /* Writes the option schema: a JSON Schema object with x-secret, x-column and x-lookup.
   * [any-thread] */
  cm_code (*describe)(const cm_out* out, cm_error* error);
  /* A later ability by id; NULL if there is none. May be NULL itself. [any-thread] */
  const void* (*get_extension)(const char* id);
} cm_module;

/* What lies in the section `.chunkmill`: no pointers, so that it can be read from the file. */
typedef struct cm_identity {
  char magic[8]; /* "CHUNKML1" */
  uint32_t struct_size;
  uint32_t abi_major, abi_minor, min_host_minor;
  uint32_t kind, flags;
  char name[64];
  char version[32];
  char summary[160];
} cm_identity;

#define CM_IDENTITY_MAGIC \
  { 'C', 'H', 'U', 'N', 'K', 'M', 'L', '1' }
#define CM_IDENTITY_SECTION ".chunkmill"

#if defined(_WIN32)
#define CM_EXPORT __declspec(dllexport)
#else
#define CM_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
}
#endif
#endif
