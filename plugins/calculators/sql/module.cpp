#include "plugins/calculators/sql/sql.hpp"

CHUNKMILL_CALCULATOR(chunkmill::select::Sql)
