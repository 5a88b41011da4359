#include "record_columns.hpp"

namespace chunkmill::jsonl {
namespace {

ColumnPaths paths_of(const std::vector<Column>& columns) {
  ColumnPaths paths;
  for (size_t i = 0; i < columns.size(); ++i) paths.add(columns[i].path, i);
  return paths;
}

}  // namespace

static_assert(FlatReader::kPadding <= simdjson::SIMDJSON_PADDING);

RecordColumns::RecordColumns(const std::vector<Column>& columns, Fractions fractions,
                             const KeySet* known)
    : paths_(paths_of(columns)), unread_(known), values_(columns, fractions), flat_(paths_) {}

size_t RecordColumns::append_first(std::string_view lines, size_t max_record_bytes) {
  if (lines.empty()) return 0;
  const char* const end = flat_.read(lines.data(), values_, unread_);
  const auto size = static_cast<size_t>(end - lines.data());
  if (end == nullptr || *end != '\n' || size > max_record_bytes) {
    values_.drop_row();
    return 0;
  }
  values_.end_row();
  flat_.count_unread(&unread_);
  return size;
}

RecordFault RecordColumns::append(std::string_view record) {
  if (RecordFault fault = reader_.read(record, paths_)) return fault;
  const std::vector<JsonValue>& values = reader_.values();
  for (size_t i = 0; i < values.size(); ++i) {
    const ParseFault fault = values_.append(i, values[i]);
    if (fault == ParseFault::kNone) continue;
    values_.drop_row();
    return values_.fault(i, values[i], fault);
  }
  values_.end_row();
  for (const auto& [key, kind] : reader_.others())
    if (kind != JsonKind::kNull && unread_.is_unread(key)) unread_.add(key);
  return {};
}

}  // namespace chunkmill::jsonl
