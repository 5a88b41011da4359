file(GLOB PLUGIN_TEST_SOURCES CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/plugins/calculators/scope3/inventory/*.cpp)
list(FILTER PLUGIN_TEST_SOURCES EXCLUDE REGEX "/module\\.cpp$")
find_package(simdjson REQUIRED)
set(PLUGIN_TEST_LIBRARIES chunkmill_scope3 simdjson::simdjson)
