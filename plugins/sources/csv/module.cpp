#include "csv_source.hpp"

using chunkmill::csv::CsvSource;
CHUNKMILL_SOURCE(CsvSource)
