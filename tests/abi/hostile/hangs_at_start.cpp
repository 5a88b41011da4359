// Its static initialiser never comes back.
#include <unistd.h>

#include "harmless.hpp"

static const int kNever = [] {
  while (true) pause();
  return 0;
}();

HOSTILE_CALCULATOR("hangs_at_start")
