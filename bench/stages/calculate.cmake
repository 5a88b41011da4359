# The plugin's own sources: what runs is its C table, as the host would call it.
file(GLOB BENCH_SOURCES CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/plugins/calculators/scope3/purchased_goods/*.cpp)
list(FILTER BENCH_SOURCES EXCLUDE REGEX "/module\\.cpp$")
set(BENCH_LIBRARIES chunkmill_scope3)
