#include "plugins/calculators/scope3/processing_of_sold_products/processing_of_sold_products.hpp"

using chunkmill::scope3::ProcessingOfSoldProducts;
CHUNKMILL_CALCULATOR(ProcessingOfSoldProducts)
