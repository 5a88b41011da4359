set(BENCH_LIBRARIES chunkmill_data)
