set(PLUGIN_TEST_SOURCES ${PROJECT_SOURCE_DIR}/plugins/hooks/jsonl/jsonl_hook.cpp)
