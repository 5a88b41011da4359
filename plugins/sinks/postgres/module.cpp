#include "sink.hpp"

CHUNKMILL_SINK(chunkmill::postgres::PostgresSink)
