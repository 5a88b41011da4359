#include "plugins/calculators/scope3/downstream_transport/downstream_transport.hpp"

using chunkmill::scope3::DownstreamTransport;
CHUNKMILL_CALCULATOR(DownstreamTransport)
