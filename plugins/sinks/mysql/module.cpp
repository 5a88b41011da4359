#include "sink.hpp"

CHUNKMILL_SINK(chunkmill::mysql::MysqlSink)
