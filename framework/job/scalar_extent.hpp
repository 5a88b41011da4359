// Where a scalar's own characters stand in the source, for carets.
#pragma once

#include <cstddef>
#include <string_view>

namespace chunkmill::host {

struct ScalarExtent {
  std::size_t begin = 0;   // of the text or its opening quote, after any anchor and tag
  std::size_t length = 1;  // in bytes, with the quotes; of a block scalar only the `|` or `>`
  bool plain = true;       // neither quoted nor a block
  bool closed = true;      // false: a quote that nothing closes, which yaml-cpp accepts
};

// `text` is the source, `offset` where the node begins in it, `value` what the scalar reads as.
ScalarExtent find_scalar(std::string_view text, std::size_t offset, std::string_view value);

}  // namespace chunkmill::host
