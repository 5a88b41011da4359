// Its static initialiser aborts, and says why.
#include <cstdio>
#include <cstdlib>

#include "harmless.hpp"

static const int kNever = (std::fputs("licence server not found\n", stderr), std::abort(), 0);

HOSTILE_CALCULATOR("aborts_at_start")
