#include "sink.hpp"

CHUNKMILL_SINK(chunkmill::sqlite::SqliteSink)
