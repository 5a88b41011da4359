#include "plugins/calculators/scope3/investments/investments.hpp"

using chunkmill::scope3::Investments;
CHUNKMILL_CALCULATOR(Investments)
