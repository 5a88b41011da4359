#include "column_guess.hpp"

#include "chunkmill/parse.hpp"
#include "number_text.hpp"

namespace chunkmill::jsonl {

void ColumnGuess::look_at(std::string_view record) {
  if (reader_.read_top_level(record, &members_)) return;
  for (const auto& [key, value] : members_) {
    const auto [at, is_new] = index_.try_emplace(key, seen_.size());
    if (is_new) {
      seen_.emplace_back();
      seen_.back().key = key;
    }
    Seen& seen = seen_[at->second];
    switch (value.kind) {
      case JsonKind::kNumber:
        look_at_number(value.text, &seen);
        break;
      case JsonKind::kBool:
        seen.bools = true;
        break;
      case JsonKind::kMissing:
      case JsonKind::kNull:
        break;
      default:
        seen.others = true;
    }
  }
}

void ColumnGuess::look_at_number(std::string_view text, Seen* seen) {
  int64_t integer = 0;
  double number = 0;
  const bool is_double = parse_double(text, &number) == ParseFault::kNone;
  const bool is_kept = is_double && keeps_digits(text, number);
  if (parse_int64(text, &integer) == ParseFault::kNone) {
    seen->integers = true;
    if (!is_kept) seen->wide_integers = true;
  } else if (is_kept && text.find_first_of(".eE") != text.npos) {
    seen->floats = true;
  } else {
    seen->others = true;  // a float would round it
  }
}

std::vector<Column> ColumnGuess::columns() const {
  std::vector<Column> columns;
  for (const Seen& seen : seen_) {
    Column column;
    column.field.name = seen.key;
    column.path = path_of_key(seen.key);
    column.found = true;
    const bool numbers = seen.integers || seen.floats;
    const bool text = seen.others || (numbers && seen.bools) || (seen.floats && seen.wide_integers);
    if (!text && numbers) column.field.type = seen.floats ? Type::kFloat64 : Type::kInt64;
    if (!text && seen.bools) column.field.type = Type::kBool;
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace chunkmill::jsonl
