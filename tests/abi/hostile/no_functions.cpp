// Its function table has holes.
#include "harmless.hpp"

static constexpr cm_calculator_api kApi{sizeof(cm_calculator_api),
                                        0,
                                        hostile::create,
                                        nullptr,
                                        hostile::needs,
                                        hostile::bind,
                                        hostile::open,
                                        nullptr,
                                        nullptr,
                                        hostile::close};

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "no_functions", "no_functions", &kApi, CM_ABI_MAJOR, 0)
