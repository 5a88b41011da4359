#include "plugins/calculators/scope3/inventory/inventory.hpp"

using chunkmill::scope3::Inventory;
CHUNKMILL_CALCULATOR(Inventory)
