#include <algorithm>

#include "chunkmill/json.hpp"
#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"

namespace chunkmill::host {
namespace {

// Columns of an excerpt; longer lines are cut around the fault.
constexpr std::size_t kExcerptColumns = 100;
constexpr int kColumnsBeforeFault = 40;

struct Ink {
  std::string_view error, warning, caret, plain;
};
constexpr Ink kColours{"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;32m", "\x1b[0m"};
constexpr Ink kNone{};

// The characters of a text, one string each, fit for a terminal: nothing in a job file may move its
// cursor.
std::vector<std::string> characters(std::string_view line, std::size_t most) {
  std::vector<std::string> result;
  while (!line.empty() && result.size() < most) {
    const std::size_t length = utf8_length(line.substr(0, 4));
    const unsigned char first = static_cast<unsigned char>(line[0]);
    const bool c1_control =
        length == 2 && first == 0xC2 && static_cast<unsigned char>(line[1]) < 0xA0;
    if (first == '\t') {
      result.emplace_back(" ");
    } else if (length == 0 || first < 0x20 || first == 0x7F || c1_control) {
      result.emplace_back("?");
    } else {
      result.emplace_back(line.substr(0, length));
    }
    line.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

// Stars out what may not be seen. `text` begins at column `first`.
void mask(const std::vector<Place>& hidden, const Place& line, int first,
          std::vector<std::string>* text) {
  for (const Place& place : hidden) {
    if (place.line != line.line || place.source != line.source) continue;
    const int end = std::min(place.column + place.length, first + static_cast<int>(text->size()));
    for (int column = std::max(place.column, first); column < end; ++column) {
      (*text)[static_cast<std::size_t>(column - first)] = "*";
    }
  }
}

int characters_in(std::string_view text) {
  int count = 0;
  for (; !text.empty(); ++count)
    text.remove_prefix(std::max<std::size_t>(utf8_length(text.substr(0, 4)), 1));
  return count;
}

// Where `line`, which stands at `at`, has passwords of addresses: "word" in "scheme://user:word@".
std::vector<Place> passwords_in(std::string_view line, const Place& at) {
  std::vector<Place> found;
  for (std::size_t scheme = line.find("://"); scheme != std::string_view::npos;
       scheme = line.find("://", scheme + 3)) {
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(line.find_first_of(" /?#\"'", begin), line.size());
    const std::size_t colon = line.find(':', begin);
    const std::size_t host = line.substr(0, end).rfind('@');
    if (host == std::string_view::npos || host < begin || colon > host) continue;
    Place place = at;
    place.column = characters_in(line.substr(0, colon + 1)) + 1;
    place.length = characters_in(line.substr(colon + 1, host - colon - 1));
    found.push_back(place);
  }
  return found;
}

// Appends the line with carets below it.
void excerpt(const Fault& fault, const Faults& faults, const SourceText& source, const Ink& ink,
             std::string* out) {
  const Place& place = fault.place;
  const std::string_view line = source.line(place.line);
  int first = 1;
  if (line.size() > kExcerptColumns) first = std::max(1, place.column - kColumnsBeforeFault);
  Place window = place;
  window.column = first;
  const std::size_t cut =
      source.offset(window) - static_cast<std::size_t>(line.data() - source.text().data());
  std::vector<std::string> text =
      characters(line.substr(std::min(cut, line.size())), kExcerptColumns + 1);
  const bool goes_on = text.size() > kExcerptColumns;
  if (goes_on) text.pop_back();
  mask(faults.hidden(), place, first, &text);
  mask(passwords_in(line, place), place, first, &text);

  const std::string left = first > 1 ? "..." : "";
  const int room = first + static_cast<int>(text.size()) - place.column;
  const int carets = std::max(1, std::min(place.length, room));
  std::string number = std::to_string(place.line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  *out += number + " | " + left;
  for (const std::string& character : text) *out += character;
  *out += goes_on ? "...\n" : "\n";
  *out += std::string(number.size(), ' ') + " | ";
  out->append(left.size() + static_cast<std::size_t>(place.column - first), ' ');
  out->append(ink.caret).append(static_cast<std::size_t>(carets), '^').append(ink.plain);
  if (!fault.caret_note.empty()) *out += " " + fault.caret_note;
  *out += '\n';
}

std::string header(const Fault& fault, std::string_view path) {
  const Place& place = fault.place;
  if (place.source > 0) return "--set:" + std::to_string(place.column);
  std::string text(path);
  if (place.known()) {
    text += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }
  return text;
}

}  // namespace

std::string render_text(const Faults& faults, std::string_view path, std::string_view text,
                        bool colour) {
  const Ink& ink = colour ? kColours : kNone;
  std::vector<SourceText> sources;
  sources.emplace_back(text);
  for (const std::string& set : faults.overrides()) {
    sources.emplace_back(set, static_cast<int>(sources.size()));
  }

  std::string out;
  std::size_t shown = 0;
  for (const Fault& fault : faults.all()) {
    if (shown++ == Faults::kShown) break;
    const bool error = fault.severity == Severity::kError;
    out += header(fault, path) + ": ";
    out.append(error ? ink.error : ink.warning)
        .append(error ? "error" : "warning")
        .append(ink.plain);
    out += ": " + fault.message + '\n';
    const auto source = static_cast<std::size_t>(fault.place.source);
    if (fault.place.known() && source < sources.size()) {
      excerpt(fault, faults, sources[source], ink, &out);
    } else if (!fault.caret_note.empty()) {
      out += "   " + fault.caret_note + '\n';
    }
    if (!fault.help.empty()) out += "   " + fault.help + '\n';
  }
  const std::size_t total = faults.errors() + faults.warnings();
  if (total > Faults::kShown) out += "and " + std::to_string(total - Faults::kShown) + " more\n";
  return out;
}

std::string render_json(const Faults& faults, std::string_view path) {
  std::string out;
  JsonWriter json(&out);
  json.begin_array();
  for (const Fault& fault : faults.all()) {
    json.begin_object();
    json.field("file", fault.place.source > 0 ? std::string_view("--set") : path);
    json.field("line", fault.place.line);
    json.field("column", fault.place.column);
    json.field("severity", fault.severity == Severity::kError ? "error" : "warning");
    json.field("message", fault.message);
    json.field("suggestion", fault.suggestion);
    json.field("help", fault.help);
    json.end_object();
  }
  json.end_array();
  out += '\n';
  return out;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out = "\"";
  const std::vector<std::string> shown = characters(text, kLongest + 1);
  for (std::size_t i = 0; i < std::min(shown.size(), kLongest); ++i) out += shown[i];
  if (shown.size() > kLongest) out += "...";
  return out + '"';
}

}  // namespace chunkmill::host
