#include "number_text.hpp"

#include "chunkmill/parse.hpp"

namespace chunkmill::csv {

std::string_view plain_number(std::string_view text, const NumberStyle& style, char* scratch) {
  if (style.is_plain()) return text;
  if (text.size() > kMaxNumberText) return {};
  size_t size = 0;
  size_t group = 0;        // digits since the last separator, or since the start
  bool separated = false;  // a separator was seen
  bool whole = true;       // before the decimal sign
  const auto group_ends_well = [&] { return !separated || group == 3; };
  for (const char c : text) {
    if (detail::is_digit(c)) {
      ++group;
      scratch[size++] = c;
    } else if (whole && style.thousands != '\0' && c == style.thousands) {
      if (separated ? group != 3 : group == 0 || group > 3) return {};
      separated = true;
      group = 0;
    } else {
      // A '.' that is neither of the two signs has no place in a number of this style.
      if (c == '.' && style.decimal != '.') return {};
      if (c != '+' && c != '-') {
        if (whole && !group_ends_well()) return {};
        whole = false;
      }
      scratch[size++] = c == style.decimal ? '.' : c;
    }
  }
  if (whole && !group_ends_well()) return {};
  return {scratch, size};
}

}  // namespace chunkmill::csv
