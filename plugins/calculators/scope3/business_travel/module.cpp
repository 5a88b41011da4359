#include "plugins/calculators/scope3/business_travel/business_travel.hpp"

using chunkmill::scope3::BusinessTravel;
CHUNKMILL_CALCULATOR(BusinessTravel)
