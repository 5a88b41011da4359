// Its static initialiser writes where nothing is.
#include "harmless.hpp"

static int* volatile where_nothing_is = nullptr;
static const int kNever = (*where_nothing_is = 1);

HOSTILE_CALCULATOR("segfaults_at_start")
