#include "framework/job/scalar_extent.hpp"

#include <algorithm>

namespace chunkmill::host {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// Past `&anchor`, `!tag` and the blanks and comments after them.
std::size_t skip_properties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = std::min(text.find_first_of(kBlank, at), text.size());
    at = std::min(text.find_first_not_of(kBlank, at), text.size());
    while (at < text.size() && text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
      at = std::min(text.find_first_not_of(kBlank, at), text.size());
    }
  }
  return at;
}

// Just past the quote that closes the one at `at`; npos when none does.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'';
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

ScalarExtent find_scalar(std::string_view text, std::size_t offset, std::string_view value) {
  const std::size_t at = skip_properties(text, std::min(offset, text.size()));
  if (at >= text.size()) return {.begin = text.size()};
  if (text[at] == '"' || text[at] == '\'') {
    const std::size_t end = end_of_quoted(text, at);
    return {at, std::min(end, text.size()) - at, false, end != std::string_view::npos};
  }
  if (text[at] == '|' || text[at] == '>') return {at, 1, false};
  if (text.substr(at).starts_with(value)) return {at, std::max<std::size_t>(1, value.size()), true};
  // A plain scalar over several lines: its first one.
  std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
  while (end > at + 1 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  return {at, end - at, true};
}

}  // namespace chunkmill::host
