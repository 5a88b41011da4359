#include "plugins/calculators/scope3/use_of_sold_products/use_of_sold_products.hpp"

using chunkmill::scope3::UseOfSoldProducts;
CHUNKMILL_CALCULATOR(UseOfSoldProducts)
