#include "plugins/databases/mysql/sink.hpp"

CHUNKMILL_SINK(chunkmill::mysql::MysqlSink)
