#include "plugins/databases/postgres/sink.hpp"

CHUNKMILL_SINK(chunkmill::postgres::PostgresSink)
