set(PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/tests/plugins/postgres/database.cpp)
set(PLUGIN_TEST_LIBRARIES chunkmill_postgres_reading)
