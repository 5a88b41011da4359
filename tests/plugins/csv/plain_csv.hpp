// CSV read one character at a time, as plainly as can be: what the scanner is compared with. And
// random CSV with everything in it that the world writes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sources/csv/dialect.hpp"

namespace chunkmill::csv::plain {

struct PlainField {
  std::string text;
  bool quoted = false;
  bool operator==(const PlainField&) const = default;
};

struct PlainRecord {
  size_t begin = 0;   // first byte
  size_t end = 0;     // its line end, or the end of the text
  uint64_t line = 0;  // line ends before it
  bool bad_quote = false;
  bool unterminated = false;
  std::vector<PlainField> fields;
};

// All records but blank lines and comments.
inline std::vector<PlainRecord> parse(const Dialect& dialect, std::string_view text) {
  std::vector<PlainRecord> records;
  size_t at = 0;
  uint64_t lines = 0;
  const auto is_line_end = [&](size_t i) { return text[i] == '\n' || text[i] == '\r'; };
  const auto skip_line_end = [&] {
    at += text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    ++lines;
  };
  while (at < text.size()) {
    if (is_line_end(at)) {
      skip_line_end();
      continue;
    }
    if (dialect.has_comment && text[at] == dialect.comment) {
      while (at < text.size() && !is_line_end(at)) ++at;
      if (at < text.size()) skip_line_end();
      continue;
    }
    PlainRecord record;
    record.begin = at;
    record.line = lines;
    while (true) {
      PlainField field;
      size_t start = at;
      while (dialect.trim && start < text.size() && dialect.is_blank(text[start])) ++start;
      if (dialect.has_quote && start < text.size() && text[start] == dialect.quote) {
        field.quoted = true;
        at = start + 1;
        while (true) {
          if (at == text.size()) {
            record.unterminated = true;
            break;
          }
          if (text[at] == dialect.quote) {
            if (at + 1 < text.size() && text[at + 1] == dialect.quote) {
              field.text += dialect.quote;
              at += 2;
              continue;
            }
            ++at;
            break;
          }
          if (is_line_end(at)) {
            const size_t from = at;
            skip_line_end();
            field.text += text.substr(from, at - from);
          } else {
            field.text += text[at++];
          }
        }
        while (dialect.trim && at < text.size() && dialect.is_blank(text[at])) ++at;
        while (at < text.size() && !is_line_end(at) && text[at] != dialect.delimiter) {
          record.bad_quote = true;
          ++at;
        }
      } else {
        while (at < text.size() && !is_line_end(at) && text[at] != dialect.delimiter)
          field.text += text[at++];
        if (dialect.trim) {
          while (!field.text.empty() && dialect.is_blank(field.text.back())) field.text.pop_back();
          size_t blanks = 0;
          while (blanks < field.text.size() && dialect.is_blank(field.text[blanks])) ++blanks;
          field.text.erase(0, blanks);
        }
      }
      record.fields.push_back(field);
      if (at < text.size() && text[at] == dialect.delimiter) {
        ++at;
        continue;
      }
      break;
    }
    record.end = at;
    if (at < text.size()) skip_line_end();
    records.push_back(std::move(record));
  }
  return records;
}

// Random text of bytes that matter, mostly well formed.
inline std::string random_text(std::mt19937& random, const Dialect& dialect, size_t records,
                               size_t columns, int mess_percent) {
  const auto draw = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const std::string_view line_ends[] = {"\n", "\r\n", "\r"};
  const std::string_view line_end = line_ends[draw(3)];
  const std::string mess = std::string("\"\"',;\t|\n\r #ab\xc3\xa9 ") + dialect.delimiter +
                           dialect.quote + dialect.comment;
  std::string text;
  for (size_t r = 0; r < records; ++r) {
    for (size_t c = 0; c < columns; ++c) {
      if (c > 0) text += dialect.delimiter;
      const int kind = draw(10);
      if (kind < 5) {
        for (int i = draw(12); i > 0; --i) text += static_cast<char>('a' + draw(26));
      } else if (kind < 8) {
        if (dialect.trim && draw(3) == 0) text += "  ";
        text += dialect.quote;
        for (int i = draw(draw(8) == 0 ? 150 : 12); i > 0; --i) {
          const char byte = mess[static_cast<size_t>(draw(static_cast<int>(mess.size())))];
          text += byte;
          if (byte == dialect.quote) text += byte;
        }
        text += dialect.quote;
        if (dialect.trim && draw(3) == 0) text += " ";
      } else if (draw(100) < mess_percent) {
        for (int i = draw(10); i > 0; --i)
          text += mess[static_cast<size_t>(draw(static_cast<int>(mess.size())))];
      } else {
        text += "12.5";
      }
    }
    text += draw(20) == 0 ? line_ends[draw(3)] : line_end;
    if (draw(30) == 0) text += line_end;
    if (dialect.has_comment && draw(20) == 0)
      text += std::string(1, dialect.comment) + " a \"comment" + std::string(line_end);
  }
  if (draw(3) == 0 && !text.empty()) text.pop_back();
  return text;
}

}  // namespace chunkmill::csv::plain
