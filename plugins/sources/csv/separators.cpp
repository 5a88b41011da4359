#include "separators.hpp"

#include <algorithm>

namespace chunkmill::csv {

std::optional<SeparatorLine> separator_line(std::string_view head) {
  const bool quoted = head.starts_with('"');
  if (quoted) head.remove_prefix(1);
  if (!head.starts_with("sep=") && !head.starts_with("SEP=")) return std::nullopt;
  head.remove_prefix(4);
  SeparatorLine line;
  const auto ends = [&] {
    const std::string_view rest = quoted && head.starts_with('"') ? head.substr(1) : head;
    return rest.empty() || rest[0] == '\n' || rest[0] == '\r';
  };
  if (ends()) return line;
  line.delimiter = head[0];
  head.remove_prefix(1);
  return ends() ? std::optional(line) : std::nullopt;
}

size_t count_outside_quotes(std::string_view record, char wanted, const Dialect& dialect) {
  size_t count = 0;
  bool inside = false;
  for (const char c : record) {
    if (dialect.has_quote && c == dialect.quote) inside = !inside;
    if (!inside && c == wanted) ++count;
  }
  return count;
}

std::optional<char> other_delimiter(const std::vector<std::string_view>& records,
                                    const Dialect& dialect) {
  if (records.empty()) return std::nullopt;
  for (const char candidate : {';', '\t', '|', ','}) {
    if (candidate == dialect.delimiter) continue;
    const auto count = [&](std::string_view record) {
      return count_outside_quotes(record, candidate, dialect);
    };
    const size_t in_first = count(records[0]);
    if (in_first == 0) continue;
    const auto alike = std::count_if(records.begin(), records.end(), [&](std::string_view record) {
      return count(record) == in_first;
    });
    if (2 * static_cast<size_t>(alike) >= records.size()) return candidate;
  }
  return std::nullopt;
}

std::string delimiter_text(char delimiter) {
  return delimiter == '\t' ? "tab" : "\"" + std::string(1, delimiter) + "\"";
}

}  // namespace chunkmill::csv
