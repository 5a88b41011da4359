#include "plugins/calculators/scope3/franchises/franchises.hpp"

using chunkmill::scope3::Franchises;
CHUNKMILL_CALCULATOR(Franchises)
