#include "generate.hpp"

using chunkmill::generate::GenerateSource;
CHUNKMILL_SOURCE(GenerateSource)
