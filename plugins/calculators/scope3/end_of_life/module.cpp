#include "plugins/calculators/scope3/end_of_life/end_of_life.hpp"

using chunkmill::scope3::EndOfLife;
CHUNKMILL_CALCULATOR(EndOfLife)
