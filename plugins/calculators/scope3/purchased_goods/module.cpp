#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"

using chunkmill::scope3::PurchasedGoods;
CHUNKMILL_CALCULATOR(PurchasedGoods)
