// Built for another major version of the ABI.
#include "harmless.hpp"

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "other_major", "other_major", &hostile::kCalculator, 2, 0)
