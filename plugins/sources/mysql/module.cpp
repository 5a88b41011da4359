#include "plugins/databases/mysql/source.hpp"

CHUNKMILL_SOURCE(chunkmill::mysql::MysqlSource)
