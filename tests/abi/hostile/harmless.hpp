// A calculator that keeps the ABI and does nothing, for hostile modules to spoil in one point each.
// Written on the C headers alone.
#pragma once

#include <cstring>

#include "chunkmill/abi/module.h"

namespace hostile {

inline cm_code create(const cm_host*, const cm_options*, cm_calculator** out, cm_error*) {
  static char self;
  *out = reinterpret_cast<cm_calculator*>(&self);
  return CM_OK;
}
inline void destroy(cm_calculator*) {}
inline cm_code needs(cm_calculator*, const ArrowSchema*, const cm_need_sink*, cm_error*) {
  return CM_OK;
}
inline void release_schema(ArrowSchema* schema) { schema->release = nullptr; }
inline cm_code bind(cm_calculator*, const ArrowSchema*, const cm_stream_sink* out, cm_error*) {
  ArrowSchema schema{};
  schema.format = "+s";
  schema.name = "";
  schema.release = release_schema;
  cm_stream stream{
      sizeof(cm_stream), CM_STREAM_ROW_FOR_ROW | CM_STREAM_APPEND, {"main", 4}, &schema};
  out->add(out->ctx, &stream);
  return CM_OK;
}
inline cm_code open(cm_calculator*, cm_calculator_lane** out, cm_error*) {
  static char lane;
  *out = reinterpret_cast<cm_calculator_lane*>(&lane);
  return CM_OK;
}
inline void release_array(ArrowArray* array) { array->release = nullptr; }
inline cm_code process(cm_calculator_lane*, const cm_chunk*, const ArrowArray* input,
                       const cm_emit* out, const cm_row_errors*, cm_error*) {
  static const void* no_buffers[1] = {nullptr};
  ArrowArray array{};
  array.length = input->length;
  array.n_buffers = 1;
  array.buffers = no_buffers;
  array.release = release_array;
  out->batch(out->ctx, 0, &array, nullptr);
  return CM_OK;
}
inline void close(cm_calculator_lane*) {}
inline cm_code describe(const cm_out* out, cm_error*) {
  const char schema[] = R"({"type":"object","properties":{},"additionalProperties":false})";
  out->write(out->ctx, schema, sizeof schema - 1);
  return CM_OK;
}

inline constexpr cm_calculator_api kCalculator{
    sizeof(cm_calculator_api), 0, create, destroy, needs, bind, open, process, nullptr, close};

template <size_t N>
constexpr cm_identity identity_of(uint32_t kind, const char (&name)[N], uint32_t major,
                                  uint32_t min_host_minor) {
  cm_identity identity{
      CM_IDENTITY_MAGIC, sizeof(cm_identity), major, 0, min_host_minor, kind, 0, {}, {}, {}};
  for (size_t i = 0; i < N; ++i) identity.name[i] = name[i];
  identity.version[0] = '1';
  return identity;
}

}  // namespace hostile

// NAME in the identity, DESCRIPTOR_NAME in the descriptor, which should be the same.
#define HOSTILE_MODULE_AS(KIND, NAME, DESCRIPTOR_NAME, API, MAJOR, MIN_HOST_MINOR)                 \
  extern "C" {                                                                                     \
  __attribute__((used, section(CM_IDENTITY_SECTION))) constexpr cm_identity hostile_identity =     \
      hostile::identity_of(KIND, NAME, MAJOR, MIN_HOST_MINOR);                                     \
  CM_EXPORT extern const cm_module chunkmill_module_v1;                                            \
  const cm_module chunkmill_module_v1{                                                             \
      sizeof(cm_module), MAJOR,  0, MIN_HOST_MINOR, KIND, 0, DESCRIPTOR_NAME, "1", "hostile", API, \
      hostile::describe, nullptr};                                                                 \
  }
#define HOSTILE_CALCULATOR(NAME) \
  HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, NAME, NAME, &hostile::kCalculator, CM_ABI_MAJOR, 0)
