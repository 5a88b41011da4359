#include "jsonl_sink.hpp"

using chunkmill::jsonl_sink::JsonlSink;
CHUNKMILL_SINK(JsonlSink)
