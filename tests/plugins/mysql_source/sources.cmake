set(PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/tests/plugins/mysql/server.cpp)
set(PLUGIN_TEST_LIBRARIES chunkmill_mysql_reading)
set(PLUGIN_TEST_SERVERS SERVERS)
