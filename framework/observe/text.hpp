// How numbers and names look on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chunkmill::host {

// "1,234,567", "-1,000".
std::string with_thousands(int64_t value);
// Thousands separators and as many decimals as a person wants to see: "1,234.57", "0.0123", "12".
std::string with_thousands(double value);
// "0.8 s", "12.4 s", "3:05 min", "2:03:05 h".
std::string duration_text(double seconds);
// "0:12", "3:05", "2:03:05": for a clock that counts down.
std::string clock_text(double seconds);

// Columns a terminal needs for `text` (UTF-8): 0 for combining marks, 2 for wide East Asian
// characters and emoji.
int display_width(std::string_view text);
// `text` cut to `columns`, with "…" (or "..." without unicode) when something was cut. Never cuts
// inside a character.
std::string fit(std::string_view text, int columns, bool unicode = true);
// `text` with control characters and broken UTF-8 made visible, so that it stays on one line and
// cannot drive the terminal.
std::string printable(std::string_view text);

}  // namespace chunkmill::host
