// Calls a function that nothing defines. Bound lazily, the process would end at the first call.
#include "harmless.hpp"

extern "C" void a_function_that_nobody_wrote();

static cm_code create(const cm_host*, const cm_options*, cm_calculator**, cm_error*) {
  a_function_that_nobody_wrote();
  return CM_OK;
}
static constexpr cm_calculator_api kApi{sizeof(cm_calculator_api),
                                        0,
                                        create,
                                        hostile::destroy,
                                        hostile::needs,
                                        hostile::bind,
                                        hostile::open,
                                        hostile::process,
                                        nullptr,
                                        hostile::close};

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "missing_symbol", "missing_symbol", &kApi, CM_ABI_MAJOR, 0)
