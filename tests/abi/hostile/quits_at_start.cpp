// Its static initialiser ends the process without exit handlers.
#include <unistd.h>

#include "harmless.hpp"

static const int kNever = (_exit(0), 0);

HOSTILE_CALCULATOR("quits_at_start")
