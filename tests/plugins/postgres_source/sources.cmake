file(GLOB PLUGIN_TEST_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/sources/postgres/*.cpp)
list(FILTER PLUGIN_TEST_SOURCES EXCLUDE REGEX "/module\\.cpp$")
list(APPEND PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/tests/plugins/postgres/database.cpp)
set(PLUGIN_TEST_LIBRARIES chunkmill_postgres)
