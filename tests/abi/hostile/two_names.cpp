// Its section says one name, its descriptor another.
#include "harmless.hpp"

HOSTILE_MODULE_AS(CM_KIND_CALCULATOR, "two_names", "second_name", &hostile::kCalculator,
                  CM_ABI_MAJOR, 0)
