#include "framework/job/secret_guess.hpp"

#include <algorithm>
#include <string>

namespace chunkmill::host {
namespace {

constexpr std::string_view kWords[] = {"password", "passwd", "secret",    "token",
                                       "api_key",  "apikey", "private",   "credential",
                                       "url",      "dsn",    "connection"};

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// The key that ends before `colon`, without quotes.
std::string_view key_before(std::string_view line, std::size_t colon) {
  std::size_t end = colon;
  while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '"' || line[end - 1] == '\'')) --end;
  std::size_t begin = end;
  while (begin > 0 && is_key_character(line[begin - 1])) --begin;
  return line.substr(begin, end - begin);
}

}  // namespace

bool sounds_secret(std::string_view key) {
  std::string lower(key);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

void hide_likely_secrets(const SourceText& source, Faults* faults) {
  for (int number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const auto start = static_cast<std::size_t>(line.data() - source.text().data());
    for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
         colon = line.find(':', colon + 1)) {
      const std::size_t value = line.find_first_not_of(" \t", colon + 1);
      if (value == std::string_view::npos) break;
      if (line.substr(value).starts_with("${") || !sounds_secret(key_before(line, colon))) continue;
      faults->hide(source.place(start + value, line.size() - value));
      break;
    }
  }
}

}  // namespace chunkmill::host
