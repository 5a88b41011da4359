// A C++ exception comes out of every callback.
#include <stdexcept>
#include <utility>

#include "harmless.hpp"

namespace {

[[noreturn]] void fail() { throw std::runtime_error("thrown by a callback"); }

cm_code create(const cm_host*, const cm_options* options, cm_calculator** out, cm_error* error) {
  // With options it comes into being, so that the calls after it can throw too.
  if (options != nullptr && options->size(options->root) > 0) {
    return hostile::create(nullptr, nullptr, out, error);
  }
  fail();
}
void destroy(cm_calculator*) { fail(); }
cm_code needs(cm_calculator*, const ArrowSchema*, const cm_need_sink*, cm_error*) { fail(); }
cm_code bind(cm_calculator*, const ArrowSchema*, const cm_stream_sink* out, cm_error* error) {
  static bool first = true;
  if (!std::exchange(first, false)) return hostile::bind(nullptr, nullptr, out, error);
  fail();
}
cm_code open(cm_calculator*, cm_calculator_lane** out, cm_error* error) {
  return hostile::open(nullptr, out, error);
}
cm_code process(cm_calculator_lane*, const cm_chunk*, const ArrowArray*, const cm_emit*,
                const cm_row_errors*, cm_error*) {
  throw 42;
}
cm_code flush(cm_calculator_lane*, const cm_chunk*, const cm_emit*, const cm_row_errors*,
              cm_error*) {
  fail();
}
void close(cm_calculator_lane*) { fail(); }

constexpr cm_calculator_api kApi{
    sizeof(cm_calculator_api), 0, create, destroy, needs, bind, open, process, flush, close};

}  // namespace

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "throws_everywhere", "throws_everywhere", &kApi, CM_ABI_MAJOR,
                  0)
