#include "files_sink.hpp"

using chunkmill::files_sink::FilesSink;
CHUNKMILL_SINK(FilesSink)
