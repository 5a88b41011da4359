#include "plugins/calculators/scope3/upstream_leased_assets/upstream_leased_assets.hpp"

using chunkmill::scope3::UpstreamLeasedAssets;
CHUNKMILL_CALCULATOR(UpstreamLeasedAssets)
