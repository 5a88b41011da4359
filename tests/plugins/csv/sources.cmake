set(PLUGIN_TEST_PLUGIN plugin_source_csv)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
set(PLUGIN_TEST_LIBRARIES ZLIB::ZLIB Threads::Threads)
