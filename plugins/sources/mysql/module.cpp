#include "plugins/sources/mysql/source.hpp"

CHUNKMILL_SOURCE(chunkmill::mysql::MysqlSource)
