set(PLUGIN_TEST_PLUGIN plugin_sink_mysql)
set(PLUGIN_TEST_LIBRARIES chunkmill_mysql)
set(PLUGIN_TEST_SERVERS SERVERS)
