#include "plugins/calculators/scope3/fuel_and_energy/fuel_and_energy.hpp"

using chunkmill::scope3::FuelAndEnergy;
CHUNKMILL_CALCULATOR(FuelAndEnergy)
