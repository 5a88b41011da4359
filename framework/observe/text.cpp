#include "framework/observe/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace chunkmill::host {
namespace {

constexpr char32_t kBroken = 0xFFFFFFFF;

struct Character {
  char32_t point;  // kBroken: one byte that is not UTF-8
  size_t size;     // in bytes
};

Character character_at(std::string_view text, size_t at) {
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(text[at + index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + size > text.size()) return {kBroken, 1};
  char32_t point = lead & (0xFFU >> (size + 1));
  for (size_t index = 1; index < size; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return {kBroken, 1};
    point = (point << 6) | (byte(index) & 0x3FU);
  }
  const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {kBroken, 1};
  return {point, size};
}

struct Range {
  char32_t first, last;
};

// Unicode 15, coarse: combining marks and joiners, which take no column of their own.
constexpr Range kZeroWidth[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},   {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0E31, 0x0E31},   {0x0E34, 0x0E3A},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E},   {0x2060, 0x2064},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
// East Asian Width W and F, and emoji.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
                           {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},
                           {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                           {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                           {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <size_t N>
bool contains(const Range (&ranges)[N], char32_t point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

int width_of(char32_t point) {
  if (point == kBroken) return 1;
  if (point < 0x20 || point == 0x7F) return 0;
  if (point < 0x300) return 1;
  if (contains(kZeroWidth, point)) return 0;
  return contains(kWide, point) ? 2 : 1;
}

std::string hex_escape(unsigned byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", byte);
  return text.data();
}

// "1234567" -> "1,234,567".
std::string grouped(const std::string& digits) {
  std::string out;
  for (size_t index = 0; index < digits.size(); ++index) {
    if (index > 0 && (digits.size() - index) % 3 == 0) out += ',';
    out += digits[index];
  }
  return out;
}

}  // namespace

std::string with_thousands(int64_t value) {
  const std::string digits = std::to_string(value);
  return value < 0 ? "-" + grouped(digits.substr(1)) : grouped(digits);
}

std::string with_thousands(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const double size = std::fabs(value);
  std::array<char, 400> text{};
  if (size != 0 && size < 0.001) {
    std::snprintf(text.data(), text.size(), "%.3g", value);
    return text.data();
  }
  // Two decimals, or three digits where the number is small.
  const int decimals = size == std::floor(size) && size < 1e15 ? 0
                       : size >= 1                             ? 2
                       : size >= 0.1                           ? 3
                       : size >= 0.01                          ? 4
                                                               : 5;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, size);
  std::string digits = text.data();
  const size_t point = digits.find('.');
  const std::string fraction = point == std::string::npos ? "" : digits.substr(point);
  return (value < 0 ? "-" : "") + grouped(digits.substr(0, point)) + fraction;
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0)) seconds = 0;
  std::array<char, 64> text{};
  if (seconds < 0.9995) {
    std::snprintf(text.data(), text.size(), "%.0f ms", seconds * 1000);
  } else if (seconds < 59.95) {
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  } else {
    return clock_text(seconds) + (seconds < 3599.5 ? " min" : " h");
  }
  return text.data();
}

std::string clock_text(double seconds) {
  // More than a century is no estimate.
  constexpr double kLongest = 3.2e9;
  const auto whole =
      static_cast<int64_t>(std::llround(std::clamp(seconds >= 0 ? seconds : 0.0, 0.0, kLongest)));
  std::array<char, 64> text{};
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%d:%02d", static_cast<int>(whole / 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%lld:%02d:%02d", static_cast<long long>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  }
  return text.data();
}

int display_width(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    width += width_of(character.point);
    at += character.size;
  }
  return width;
}

std::string fit(std::string_view text, int columns, bool unicode) {
  if (columns <= 0) return {};
  if (display_width(text) <= columns) return std::string(text);
  const std::string_view mark = unicode ? "…" : columns > 3 ? "..." : "";
  const int room = columns - display_width(mark);
  int width = 0;
  size_t at = 0;
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (width + width_of(character.point) > room) break;
    width += width_of(character.point);
    at += character.size;
  }
  return std::string(text.substr(0, at)) + std::string(mark);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool c1_control = character.point >= 0x80 && character.point < 0xA0;
    const bool direction = (character.point >= 0x202A && character.point <= 0x202E) ||
                           (character.point >= 0x2066 && character.point <= 0x2069);
    if (character.point == '\n') {
      out += "\\n";
    } else if (character.point == '\r') {
      out += "\\r";
    } else if (character.point == '\t') {
      out += ' ';
    } else if (character.point == kBroken || byte < 0x20 || byte == 0x7F) {
      out += hex_escape(byte);
    } else if (c1_control || direction) {
      for (size_t index = 0; index < character.size; ++index) {
        out += hex_escape(static_cast<unsigned char>(text[at + index]));
      }
    } else {
      out.append(text, at, character.size);
    }
    at += character.size;
  }
  return out;
}

}  // namespace chunkmill::host
