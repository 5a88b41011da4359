// Its static initialiser leaves a process behind that would outlive the host.
#include <unistd.h>

#include "harmless.hpp"

static const int kNever = [] {
  if (fork() == 0) {
    while (true) pause();
  }
  while (true) pause();
  return 0;
}();

HOSTILE_CALCULATOR("forks_at_start")
