#include "plugins/sources/postgres/source.hpp"

CHUNKMILL_SOURCE(chunkmill::postgres::PostgresSource)
