#pragma once

#include <string_view>

namespace chunkmill::scope3 {

// The page's style sheet: light, dark by the reader's choice, and paper.
extern const std::string_view kPageStyle;

}  // namespace chunkmill::scope3
