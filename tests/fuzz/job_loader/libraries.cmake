set(FUZZ_LIBRARIES chunkmill_job)
