set(PLUGIN_TEST_PLUGIN plugin_source_jsonl)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
set(PLUGIN_TEST_LIBRARIES ZLIB::ZLIB simdjson::simdjson)
