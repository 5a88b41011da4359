// Its static initialiser throws.
#include <stdexcept>

#include "harmless.hpp"

static const int kNever = [] {
  if (CM_ABI_MAJOR == 1) throw std::runtime_error("thrown while it was being loaded");
  return 0;
}();

HOSTILE_CALCULATOR("throws_at_start")
