#include "plugins/calculators/scope3/downstream_leased_assets/downstream_leased_assets.hpp"

using chunkmill::scope3::DownstreamLeasedAssets;
CHUNKMILL_CALCULATOR(DownstreamLeasedAssets)
