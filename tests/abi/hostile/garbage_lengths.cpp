// A source that hands out arrays which no reader survives unless it looks first. Which one, says
// the option `garbage`.
#include <cstdint>
#include <string_view>

#include "harmless.hpp"

namespace {

int64_t garbage = 0;

cm_code create(const cm_host*, const cm_options* options, cm_source** out, cm_error*) {
  static char self;
  const void* node = options->find(options->root, {"garbage", 7});
  if (node != nullptr) options->as_int(node, &garbage);
  *out = reinterpret_cast<cm_source*>(&self);
  return CM_OK;
}
void destroy(cm_source*) {}
cm_code schema(cm_source*, ArrowSchema* out, cm_error*) {
  static ArrowSchema child, *children[1] = {&child};
  child = {"l", "n", nullptr, 0, 0, nullptr, nullptr, hostile::release_schema, nullptr};
  *out = {"+s", "", nullptr, 0, 1, children, nullptr, hostile::release_schema, nullptr};
  return CM_OK;
}
cm_code plan(cm_source*, uint32_t, const cm_split_sink* out, cm_error*) {
  cm_split split{sizeof(cm_split), 0, {"only", 4}, {"here", 4}, -1, -1};
  out->add(out->ctx, &split);
  if (garbage == 8) out->add(out->ctx, &split);
  return CM_OK;
}
cm_code open(cm_source*, cm_str, cm_str, cm_source_lane** out, cm_error*) {
  static char lane;
  *out = reinterpret_cast<cm_source_lane*>(&lane);
  return CM_OK;
}
cm_code next(cm_source_lane*, const cm_next*, ArrowArray* out, const cm_row_errors* errors,
             cm_error* error) {
  static int64_t numbers[4] = {1, 2, 3, 4};
  static const void* buffers[2] = {nullptr, numbers};
  static const void* no_buffers[1] = {nullptr};
  static ArrowArray child, *children[1] = {&child};
  child = {4, 0, 0, 2, 0, buffers, nullptr, nullptr, hostile::release_array, nullptr};
  *out = {4, 0, 0, 1, 1, no_buffers, children, nullptr, hostile::release_array, nullptr};
  switch (garbage) {
    case 1:
      out->length = INT64_MAX;
      return CM_OK;
    case 2:
      out->length = -7;
      return CM_OK;
    case 3:
      child.length = 2;
      return CM_OK;
    case 4:
      out->children = nullptr;
      return CM_OK;
    case 5:
      child.offset = INT64_MAX - 1;
      return CM_OK;
    case 6:
      buffers[1] = nullptr;
      return CM_OK;
    case 7: {
      cm_row_error bad{};
      bad.struct_size = sizeof bad;
      bad.row = 1000;
      errors->report(errors->ctx, &bad);
      return CM_OK;
    }
    case 9:
      out->release = nullptr;
      return CM_OK;
    case 10:
      return CM_END;  // and rows
    case 11:
      return 4711;  // no such code
    case 12:
      std::memset(error->message, 'x', sizeof error->message);  // no NUL
      return CM_IO;
    default:
      return CM_OK;
  }
}
cm_code position(cm_source_lane*, const cm_out* out, cm_error*) {
  static const char kilobyte[1024] = {};
  for (int i = 0; i < 1000; ++i) out->write(out->ctx, kilobyte, sizeof kilobyte);
  return CM_OK;
}
void close(cm_source_lane*) {}

constexpr cm_source_api kApi{sizeof(cm_source_api),
                             0,
                             create,
                             destroy,
                             schema,
                             nullptr,
                             plan,
                             nullptr,
                             open,
                             next,
                             position,
                             nullptr,
                             close,
                             nullptr,
                             nullptr,
                             nullptr};

}  // namespace

HOSTILE_MODULE_AS(CM_KIND_SOURCE, "garbage_lengths", "garbage_lengths", &kApi, CM_ABI_MAJOR, 0)
