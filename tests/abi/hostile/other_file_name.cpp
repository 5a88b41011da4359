// Its file is called by another name than itself.
#include "harmless.hpp"

HOSTILE_CALCULATOR("its_own_name")
