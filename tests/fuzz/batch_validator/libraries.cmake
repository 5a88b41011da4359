set(FUZZ_LIBRARIES chunkmill_data)
