#include "plugins/calculators/scope3/upstream_transport/upstream_transport.hpp"

using chunkmill::scope3::UpstreamTransport;
CHUNKMILL_CALCULATOR(UpstreamTransport)
