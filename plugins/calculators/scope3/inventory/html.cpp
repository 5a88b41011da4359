#include "plugins/calculators/scope3/inventory/html.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kUnknown = "\u2013";
constexpr std::string_view kMinus = "\u2212";

std::string fixed(double value, int decimals) {
  char text[400];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, decimals).ptr;
  return {text, end};
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (byte < 0x20 && c != '\n' && c != '\t') {
          out += "\uFFFD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string grouped(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kUnknown);
  std::string digits = fixed(std::fabs(value), decimals);
  if (const size_t point = digits.find('.'); point != digits.npos) {
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  const size_t whole = std::min(digits.find('.'), digits.size());
  for (size_t i = whole; i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  if (value < 0 && digits != "0") digits.insert(0, kMinus);
  return digits;
}

std::string tonnes_text(double kg) {
  const double tonnes = kg / 1000;
  if (!std::isfinite(tonnes)) return std::string(kUnknown);
  const double size = std::fabs(tonnes);
  if (size >= 100 || size == 0) return grouped(tonnes, 0);
  if (size >= 1) return grouped(tonnes, 1);
  return grouped(tonnes, std::min(9, 2 - static_cast<int>(std::floor(std::log10(size)))));
}

std::string percent_words(double percent) {
  if (!std::isfinite(percent)) return std::string(kUnknown);
  if (percent > 0 && percent < 0.05) return "<\u202F0.1\u202F%";
  return grouped(percent, 1) + "\u202F%";
}

std::string count_text(uint64_t count) { return grouped(static_cast<double>(count), 0); }

std::string coordinate(double value) {
  std::string out = fixed(std::round(value * 10) / 10, 1);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

std::string shortened(std::string_view text, size_t length) {
  size_t characters = 0;
  size_t cut = text.size();
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++characters == length) cut = i;
  }
  if (characters <= length) return std::string(text);
  return std::string(text.substr(0, cut)) + "\u2026";
}

}  // namespace chunkmill::scope3
