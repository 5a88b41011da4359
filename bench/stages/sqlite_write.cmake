find_package(SQLite3 REQUIRED)
file(GLOB BENCH_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/sinks/sqlite/*.cpp)
list(FILTER BENCH_SOURCES EXCLUDE REGEX "/module\\.cpp$")
set(BENCH_LIBRARIES chunkmill_sqlite SQLite::SQLite3)
