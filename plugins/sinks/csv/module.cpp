#include "csv_sink.hpp"

using chunkmill::csv_sink::CsvSink;
CHUNKMILL_SINK(CsvSink)
