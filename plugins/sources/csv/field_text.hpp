// What a field says.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace chunkmill::csv {

struct FieldText {
  std::string_view text;
  bool quoted = false;
};

// The field at [begin, end) of `data`, without its quotes; doubled quotes become one in `*scratch`.
// The record must be well quoted.
inline FieldText field_text(const char* data, size_t begin, size_t end, const Dialect& dialect,
                            std::string* scratch) {
  // The CR of a CR LF.
  if (end > begin && data[end] == '\n' && data[end - 1] == '\r') --end;
  if (dialect.trim) {
    while (begin < end && dialect.is_blank(data[begin])) ++begin;
    while (begin < end && dialect.is_blank(data[end - 1])) --end;
  }
  if (begin == end || !dialect.has_quote || data[begin] != dialect.quote)
    return {{data + begin, end - begin}, false};
  const std::string_view inside(data + begin + 1, end - begin - 2);
  const void* doubled =
      inside.empty() ? nullptr : std::memchr(inside.data(), dialect.quote, inside.size());
  if (doubled == nullptr) return {inside, true};
  scratch->clear();
  size_t from = 0;
  for (size_t at = inside.find(dialect.quote); at != inside.npos;
       at = inside.find(dialect.quote, from)) {
    scratch->append(inside, from, at + 1 - from);
    from = at + 2;
  }
  if (from < inside.size()) scratch->append(inside, from);
  return {*scratch, true};
}

}  // namespace chunkmill::csv
