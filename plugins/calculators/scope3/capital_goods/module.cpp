#include "plugins/calculators/scope3/capital_goods/capital_goods.hpp"

using chunkmill::scope3::CapitalGoods;
CHUNKMILL_CALCULATOR(CapitalGoods)
