#include "plugins/databases/postgres/errors.hpp"

#include <charconv>

namespace chunkmill::postgres {
namespace {

struct Entry {
  std::string_view state;  // a SQLSTATE, or its first characters
  Meaning meaning;
};

// The longest match wins: what is special stands before its class.
constexpr Entry kMeanings[] = {
    {"08", {CM_UNAVAILABLE, true}},
    {"0A", {CM_UNSUPPORTED, false}},
    {"22", {CM_DATA, false}},
    {"23", {CM_DATA, false}},
    {"25006",
     {CM_PERMISSION, false, "the server or the database takes no changes: is it a standby?"}},
    {"25P03", {CM_UNAVAILABLE, true}},
    {"28", {CM_PERMISSION, false, "check `user` and `password`, and the server's pg_hba.conf"}},
    {"3D000", {CM_NOT_FOUND, false, "make it, or check `database`"}},
    {"3F000", {CM_NOT_FOUND, false, "make it, or check `schema`"}},
    {"40", {CM_UNAVAILABLE, true}},
    {"42501", {CM_PERMISSION, false, "grant it to the user of this job"}},
    {"42P01", {CM_NOT_FOUND, false}},
    {"42703", {CM_NOT_FOUND, false}},
    {"42704", {CM_NOT_FOUND, false}},
    {"42883", {CM_NOT_FOUND, false}},
    {"42", {CM_INVALID, false}},
    {"44", {CM_DATA, false}},
    {"45", {CM_DATA, false}},
    {"53100", {CM_FULL, false, "make room on the server's disk and run again"}},
    {"53300", {CM_UNAVAILABLE, true, "lower `workers`, or raise the server's max_connections"}},
    {"53", {CM_UNAVAILABLE, true}},
    {"54", {CM_TOO_LARGE, false}},
    {"55P03", {CM_UNAVAILABLE, true}},
    {"55", {CM_UNAVAILABLE, true}},
    {"57P04", {CM_NOT_FOUND, false}},
    {"57", {CM_UNAVAILABLE, true}},
    {"P0", {CM_DATA, false}},
};

std::string_view after_last_line_with(std::string_view text, std::string_view word) {
  const size_t at = text.rfind(word);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + word.size());
}

bool is_state_char(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Meaning meaning_of(std::string_view sqlstate) {
  for (const Entry& entry : kMeanings)
    if (sqlstate.starts_with(entry.state)) return entry.meaning;
  return {};
}

bool is_row_fault(std::string_view sqlstate) {
  // A text or an index entry that is too long is one row's fault.
  return meaning_of(sqlstate).code == CM_DATA || sqlstate.starts_with("54");
}

std::string_view reject_code(std::string_view sqlstate) {
  if (sqlstate == "23502") return "not_null";
  if (sqlstate == "23505") return "not_unique";
  if (sqlstate == "23503") return "no_such_reference";
  if (sqlstate == "23514" || sqlstate == "44000") return "check_failed";
  if (sqlstate == "22001" || sqlstate == "22026" || sqlstate.starts_with("54")) return "too_large";
  if (sqlstate == "22003" || sqlstate == "22008") return "out_of_range";
  if (sqlstate.starts_with("22")) return "wrong_type";
  return "constraint";
}

std::string reject_message(const Failure& failure, std::string_view column) {
  const std::string_view code = reject_code(failure.sqlstate);
  const std::string name = "column \"" + std::string(column) + "\"";
  const std::string by =
      failure.constraint.empty() ? "" : " (constraint \"" + failure.constraint + "\")";
  std::string text;
  if (code == "not_null" && !column.empty()) {
    text = name + " is null, which the table does not take";
  } else if (code == "not_unique") {
    text = "a row with the same key is there already" + by;
  } else if (code == "no_such_reference") {
    text = (column.empty() ? std::string("it") : name) + " refers to a row that is not there" + by;
  } else if (code == "check_failed" && !failure.constraint.empty()) {
    text = "the row breaks the table's check constraint \"" + failure.constraint + "\"";
  } else {
    text = (column.empty() ? "" : name + ": ") + failure.message;
  }
  return text + " (SQLSTATE " + failure.sqlstate + ")";
}

CopyPlace copy_place(std::string_view context, std::string_view table) {
  CopyPlace place;
  std::string_view rest = after_last_line_with(context, "COPY ");
  if (!rest.starts_with(table)) return place;
  rest.remove_prefix(table.size());
  rest = rest.substr(0, rest.find('\n'));
  const size_t digits = rest.find_first_of("0123456789");
  if (digits == std::string_view::npos) return place;
  rest.remove_prefix(digits);
  const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), place.line);
  rest.remove_prefix(static_cast<size_t>(number.ptr - rest.data()));
  if (!rest.starts_with(", ")) return place;
  rest.remove_prefix(2);
  const size_t space = rest.find(' ');
  const size_t colon = rest.find(": ");
  if (space != std::string_view::npos && colon != std::string_view::npos && space < colon)
    place.column = rest.substr(space + 1, colon - space - 1);
  return place;
}

// "... failed: FATAL:  28P01: password authentication failed\nLOCATION: ...", one paragraph for
// each address that was tried: the last one counts.
Failure connect_failure(std::string_view text) {
  Failure failure;
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  constexpr size_t kState = 5;
  size_t colon = text.rfind(":  ");
  for (; colon != std::string_view::npos && colon > 0; colon = text.rfind(":  ", colon - 1)) {
    const std::string_view rest = text.substr(colon + 3);
    if (rest.size() <= kState + 2 || rest.substr(kState, 2) != ": ") continue;
    bool is_state = true;
    for (const char c : rest.substr(0, kState)) is_state = is_state && is_state_char(c);
    if (!is_state) continue;
    failure.sqlstate = rest.substr(0, kState);
    failure.message = rest.substr(kState + 2, rest.find('\n') - kState - 2);
    return failure;
  }
  for (const char c : text) {
    if (c == '\t') continue;
    failure.message += c == '\n' ? std::string("; ") : std::string(1, c);
  }
  return failure;
}

}  // namespace chunkmill::postgres
