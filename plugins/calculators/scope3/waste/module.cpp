#include "plugins/calculators/scope3/waste/waste.hpp"

using chunkmill::scope3::Waste;
CHUNKMILL_CALCULATOR(Waste)
