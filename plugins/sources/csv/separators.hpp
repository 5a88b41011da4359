// What the first records of a file show of its delimiter. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect.hpp"

namespace chunkmill::csv {

// The line "sep=;" that spreadsheets write and read in front of a table.
struct SeparatorLine {
  char delimiter = '\0';  // none: "sep="
};
// `head` begins with the first line of a file.
inline constexpr size_t kSeparatorHead = 9;
std::optional<SeparatorLine> separator_line(std::string_view head);

// The delimiter that records which are read as one column seem to have: one that the first of them
// has, and at least half of all as often. None when there is none.
std::optional<char> other_delimiter(const std::vector<std::string_view>& records,
                                    const Dialect& dialect);
// How often a character stands outside quotes.
size_t count_outside_quotes(std::string_view record, char wanted, const Dialect& dialect);

// A delimiter as the option has it: ";", tab.
std::string delimiter_text(char delimiter);

}  // namespace chunkmill::csv
