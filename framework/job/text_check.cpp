#include "framework/job/text_check.hpp"

#include <array>

namespace chunkmill::host {
namespace {

// So many wrong bytes are a file of another kind rather than slips.
constexpr int kWrongBytesOfABinary = 20;

std::string hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         (text.size() >= 4 && ((text[0] == 0 && text[1] != 0) || (text[0] != 0 && text[1] == 0)));
}

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

std::string check_text(const SourceText& source, Faults* faults) {
  const std::string_view text = source.text();
  if (is_utf16(text)) {
    faults->error({}, "the file is UTF-16, not UTF-8", {}, "Save it as UTF-8.");
    return {};
  }
  std::string clean(text);
  int not_utf8 = 0;
  int controls = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i, 4));
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = is_control(byte);
    if (length > 0 && !control) {
      i += length;
      continue;
    }
    clean[i] = '_';
    if (control && ++controls > kWrongBytesOfABinary) {
      faults->error({}, "the file is not text: it is full of control characters");
      return {};
    }
    if (control) {
      faults->error(source.place(i, 1),
                    byte == 0 ? "a NUL byte" : "a control character (" + hex(byte) + ")",
                    "remove it");
    } else if (++not_utf8 <= kWrongBytesOfABinary) {
      faults->error(source.place(i, 1), "byte " + hex(byte) + " is not UTF-8",
                    "save the file as UTF-8");
    }
    ++i;
  }
  return clean;
}

void check_tabs(const SourceText& source, const std::vector<bool>& inside_text, Faults* faults) {
  std::size_t start = 0;
  for (int number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const std::size_t content = line.find_first_not_of(" \t");
    const std::size_t tab = line.find('\t');
    const auto index = static_cast<std::size_t>(number);
    const bool counts = content != std::string_view::npos && line[content] != '#' &&
                        tab < content && !(index < inside_text.size() && inside_text[index]);
    if (counts) {
      faults->error(source.place(start + tab, content - tab),
                    "a tab in the indentation: YAML indents with spaces", "write spaces here");
    }
    start = source.text().find('\n', start) + 1;
  }
}

}  // namespace chunkmill::host
