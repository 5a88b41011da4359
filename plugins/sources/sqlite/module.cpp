#include "plugins/sources/sqlite/source.hpp"

CHUNKMILL_SOURCE(chunkmill::sqlite::SqliteSource)
