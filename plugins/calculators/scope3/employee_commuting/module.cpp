#include "plugins/calculators/scope3/employee_commuting/employee_commuting.hpp"

using chunkmill::scope3::EmployeeCommuting;
CHUNKMILL_CALCULATOR(EmployeeCommuting)
