// It has no function table at all.
#include "harmless.hpp"

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "no_table", "no_table", nullptr, CM_ABI_MAJOR, 0)
