// Needs a host that is newer than this one.
#include "harmless.hpp"

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "newer_minor", "newer_minor", &hostile::kCalculator,
                  CM_ABI_MAJOR, 99)
