#include "plugins/databases/sqlite/source.hpp"

CHUNKMILL_SOURCE(chunkmill::sqlite::SqliteSource)
