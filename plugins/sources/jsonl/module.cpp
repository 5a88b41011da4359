#include "jsonl_source.hpp"

using chunkmill::jsonl::JsonlSource;
CHUNKMILL_SOURCE(JsonlSource)
