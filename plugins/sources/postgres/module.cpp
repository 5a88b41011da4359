#include "plugins/databases/postgres/source.hpp"

CHUNKMILL_SOURCE(chunkmill::postgres::PostgresSource)
