// Exports more than its module: two such plugins could take each other's functions for their own.
#include "harmless.hpp"

extern "C" CM_EXPORT int a_second_exported_name(void);
int a_second_exported_name(void) { return 2; }

HOSTILE_CALCULATOR("extra_symbol")
