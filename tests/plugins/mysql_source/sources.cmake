set(PLUGIN_TEST_PLUGIN plugin_source_mysql)
set(PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/tests/plugins/mysql/server.cpp)
set(PLUGIN_TEST_LIBRARIES chunkmill_mysql)
set(PLUGIN_TEST_SERVERS SERVERS)
