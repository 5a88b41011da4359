set(PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/plugins/sources/generate/column.cpp
                        ${PROJECT_SOURCE_DIR}/plugins/sources/generate/generate.cpp)
