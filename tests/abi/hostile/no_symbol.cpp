// It has an identity, but exports no module.
#include "harmless.hpp"

extern "C" {
__attribute__((used, section(CM_IDENTITY_SECTION))) constexpr cm_identity hostile_identity =
    hostile::identity_of(CM_KIND_CALCULATOR, "no_symbol", CM_ABI_MAJOR, 0);
}
