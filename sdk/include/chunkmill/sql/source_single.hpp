// Single precision numbers as sources hand them on. Threads: any.
#pragma once

#include <charconv>
#include <cmath>

namespace chunkmill::sql {

// The double with the shortest decimal that means the same single: 0.1 is 0.1, and not
// 0.10000000149011612, a number that nobody wrote.
inline double widened(float single) {
  if (!std::isfinite(single)) return single;
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, single);
  double value = 0;
  std::from_chars(text, end.ptr, value);
  return value;
}

}  // namespace chunkmill::sql
