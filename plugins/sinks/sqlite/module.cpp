#include "plugins/databases/sqlite/sink.hpp"

CHUNKMILL_SINK(chunkmill::sqlite::SqliteSink)
