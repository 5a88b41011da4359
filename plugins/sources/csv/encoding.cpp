#include "encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "chunkmill/error.hpp"
#include "chunkmill/nearest.hpp"

namespace chunkmill::csv {
namespace {

constexpr char kMark = '\xFE';  // in no UTF-8

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

bool is_known(const std::string& charset) {
  const iconv_t opened = iconv_open("UTF-8", charset.c_str());
  if (opened == reinterpret_cast<iconv_t>(-1)) return false;
  iconv_close(opened);
  return true;
}

// Names that people use and iconv does not, without dashes.
std::string other_name(const std::string& bare) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"UTF16", "UTF-16"},       {"UTF16LE", "UTF-16LE"},  {"UTF16BE", "UTF-16BE"},
      {"UTF32", "UTF-32"},       {"UTF32LE", "UTF-32LE"},  {"UTF32BE", "UTF-32BE"},
      {"UNICODE", "UTF-16"},     {"UCS2", "UTF-16"},       {"UCS4", "UTF-32"},
      {"MACROMAN", "MACINTOSH"}, {"SHIFTJIS", "SHIFT_JIS"}};
  for (const auto& [name, charset] : kNames)
    if (bare == name) return std::string(charset);
  for (const std::string_view prefix : {"WINDOWS", "WIN", "XCP", "IBM"})
    if (bare.starts_with(prefix)) return "CP" + bare.substr(prefix.size());
  return bare;
}

// Empty when iconv does not know it by any spelling.
std::string charset_named(const std::string& name) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
           c == ':' || c == '+' || c == '(' || c == ')';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) return {};
  const std::string upper = upper_case(name);
  std::string dashed = upper;
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  std::string bare = dashed;
  std::erase(bare, '-');
  for (const std::string& spelling : {other_name(bare), upper, dashed, bare})
    if (is_known(spelling)) return spelling;
  return {};
}

// Whether every byte from 0x80 to 0x9F is the control character of that number.
bool has_control_bytes(const std::string& charset) {
  const iconv_t opened = iconv_open("UTF-8", charset.c_str());
  if (opened == reinterpret_cast<iconv_t>(-1)) return false;
  bool all = true;
  for (int byte = 0x80; byte < 0xA0 && all; ++byte) {
    char from = static_cast<char>(byte);
    char to[8];
    char* in = &from;
    char* out = to;
    size_t in_left = 1;
    size_t out_left = sizeof to;
    const size_t failed = iconv(opened, &in, &in_left, &out, &out_left);
    all = failed == 0 && out == to + 2 && to[0] == '\xC2' && to[1] == from;
    iconv(opened, nullptr, nullptr, nullptr, nullptr);
  }
  iconv_close(opened);
  return all;
}

// What Windows has for the letters of an ISO 8859 encoding.
std::string windows_name_of(const std::string& charset) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"8859-2", "1250"}, {"LATIN2", "1250"}, {"8859-16", "1250"}, {"8859-5", "1251"},
      {"8859-7", "1253"}, {"8859-9", "1254"}, {"LATIN5", "1254"},  {"8859-8", "1255"},
      {"8859-6", "1256"}, {"8859-4", "1257"}, {"8859-13", "1257"}};
  for (const auto& [iso, windows] : kNames)
    if (std::string_view(charset).ends_with(iso)) return "windows-" + std::string(windows);
  return "windows-1252";
}

std::string nearest_encoding(const std::string& name) {
  static const std::vector<std::string> kNames = {
      "utf-8",        "utf-16",       "utf-16le",     "utf-16be",     "utf-32",
      "ascii",        "latin-1",      "iso-8859-1",   "iso-8859-2",   "iso-8859-5",
      "iso-8859-9",   "iso-8859-15",  "windows-1250", "windows-1251", "windows-1252",
      "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
      "windows-1258", "cp1252",       "cp437",        "cp850",        "cp932",
      "cp949",        "shift_jis",    "euc-jp",       "iso-2022-jp",  "euc-kr",
      "gb18030",      "gbk",          "gb2312",       "big5",         "koi8-r",
      "koi8-u",       "macintosh",    "tis-620"};
  return nearest(name, kNames);
}

// The byte order mark at the front, as the charset that it belongs to; empty if there is none.
std::string_view mark_of(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return "UTF-8";
  if (head.starts_with(std::string_view("\xFF\xFE\0\0", 4))) return "UTF-32LE";
  if (head.starts_with(std::string_view("\0\0\xFE\xFF", 4))) return "UTF-32BE";
  if (head.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (head.starts_with("\xFE\xFF")) return "UTF-16BE";
  return {};
}

}  // namespace

Encoding find_encoding(const std::string& name) {
  Encoding encoding{name, {}, {}};
  std::string bare = upper_case(name);
  std::erase_if(bare, [](char c) { return c == '-' || c == '_'; });
  if (bare == "UTF8" || bare == "UTF8SIG") return encoding;
  encoding.charset = charset_named(name);
  if (encoding.charset.empty()) {
    const std::string near = bare == "ANSI" ? "windows-1252" : nearest_encoding(name);
    throw Error(CM_INVALID, "\"" + name + "\" is not the name of an encoding" +
                                (near.empty() ? "; `iconv -l` lists those that are known"
                                              : "; did you mean \"" + near + "\"?"))
        .at("encoding");
  }
  if (has_control_bytes(encoding.charset))
    encoding.windows_name = windows_name_of(encoding.charset);
  return encoding;
}

std::string charset_of(const Encoding& encoding, std::string_view head, const std::string& path) {
  const std::string_view mark = mark_of(head);
  const std::string own = encoding.is_utf8() ? "UTF-8" : encoding.charset;
  const bool is_open = own == "UTF-16" || own == "UTF-32";  // in its byte order
  if (!mark.empty() && mark != own && !(is_open && mark.starts_with(own))) {
    std::string right(mark.substr(0, mark.find_first_of("LB")));
    for (char& c : right) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    throw Error(CM_INVALID, path + " begins with the byte order mark of " + std::string(mark) +
                                ", and is read as " + encoding.name + "; set encoding: " + right)
        .at(path);
  }
  if (!is_open) return encoding.charset;
  if (!mark.empty()) return std::string(mark);
  // Files without a mark are mostly of Windows, but for those whose first letter shows otherwise.
  const bool big = head.size() >= 2 && head[0] == '\0' && head[own == "UTF-16" ? 1 : 3] != '\0';
  return own + (big ? "BE" : "LE");
}

void append_mark(const Undefined& undefined, std::string* out) {
  const auto add = [out](uint64_t bits) { out->push_back(static_cast<char>(0x80 | bits)); };
  out->push_back(kMark);
  add(undefined.byte >> 4);
  add(undefined.byte & 15);
  for (int shift = 42; shift >= 0; shift -= 6) add(undefined.offset >> shift & 63);
}

size_t find_mark(std::string_view text, Undefined* out) {
  for (size_t at = text.find(kMark); at != text.npos; at = text.find(kMark, at + 1)) {
    if (text.size() - at < kMarkBytes) return text.npos;
    const std::string_view bits = text.substr(at + 1, kMarkBytes - 1);
    if (!std::all_of(bits.begin(), bits.end(), [](char c) { return (c & 0xC0) == 0x80; })) continue;
    out->byte = static_cast<uint8_t>((bits[0] & 15) << 4 | (bits[1] & 15));
    out->offset = 0;
    for (const char c : bits.substr(2)) out->offset = out->offset << 6 | (c & 63);
    return at;
  }
  return text.npos;
}

std::string undefined_text(const Undefined& undefined, const Encoding& encoding) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const std::string byte = std::string("holds byte 0x") + kHex[undefined.byte >> 4] +
                           kHex[undefined.byte & 15] + " (offset " +
                           std::to_string(undefined.offset) + "), ";
  if (!encoding.windows_name.empty() && undefined.byte >= 0x80 && undefined.byte < 0xA0)
    return byte + "a control character in " + encoding.name +
           "; set encoding: " + encoding.windows_name + " if a program of Windows wrote the file";
  return byte + "which is not defined in " + encoding.name +
         "; set encoding if the file has another one";
}

}  // namespace chunkmill::csv
