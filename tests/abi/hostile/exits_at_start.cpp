// Its static initialiser ends the process as if all were well.
#include <cstdlib>

#include "harmless.hpp"

static const int kNever = (std::exit(0), 0);

HOSTILE_CALCULATOR("exits_at_start")
