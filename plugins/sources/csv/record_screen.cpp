#include "record_screen.hpp"

#include <algorithm>

namespace chunkmill::csv {
namespace {

std::string fields_text(size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

}  // namespace

size_t RecordScreen::take(RecordReader& reader, const ScreenLimits& limits, uint64_t* ordinal) {
  rows_.clear();
  bad_.clear();
  const RecordIndex& index = reader.index();
  const size_t count = index.records();
  const size_t first = reader.cursor();
  const uint64_t stop_ordinal = *ordinal + limits.records;
  const uint32_t begin = index.begin(first);
  rows_.firsts.reserve(count - first);
  rows_.records.reserve(count - first);
  rows_.ordinals.reserve(count - first);
  auto flagged = std::lower_bound(
      index.flagged.begin(), index.flagged.end(), first,
      [](const FlaggedRecord& flag, size_t record) { return flag.record < record; });
  const bool all_small = index.begin(count) - begin <= limits.max_record_bytes;
  size_t record = first;
  for (; record < count && *ordinal < stop_ordinal; ++record) {
    if (index.begin(record) - begin >= limits.bytes) break;
    const bool is_flagged = flagged != index.flagged.end() && flagged->record == record;
    if (index.fields(record) == fields_ && fields_ > 1 && all_small && !is_flagged) {
      rows_.add(index.firsts.data()[record], static_cast<uint32_t>(record),
                static_cast<uint32_t>((*ordinal)++));
      continue;
    }
    const bool too_large = reader.record_bytes(record) > limits.max_record_bytes;
    if (!is_flagged || (too_large && flagged->flag != RecordFlag::kComment)) {
      take_irregular(reader, record, limits, ordinal);
    } else if (flagged->flag == RecordFlag::kBadQuote) {
      // Not a temporary of it: GCC 12 warns of the move of its text.
      BadRecord& bad = bad_.emplace_back();
      bad.record = static_cast<uint32_t>(record);
      bad.ordinal = static_cast<uint32_t>((*ordinal)++);
      bad.code = "bad_quote";
      bad.message =
          "there is text behind the closing quote of a field; a quote inside a quoted field must "
          "be doubled";
    }
    while (flagged != index.flagged.end() && flagged->record == record) ++flagged;
  }
  reader.set_cursor(record);
  return index.begin(record) - begin;
}

bool RecordScreen::is_blank(const RecordReader& reader, size_t record) const {
  return reader.index().fields(record) == 1 && reader.raw(record).empty();
}

void RecordScreen::take_irregular(RecordReader& reader, size_t record, const ScreenLimits& limits,
                                  uint64_t* ordinal) {
  if (is_blank(reader, record)) return;
  const auto number = static_cast<uint32_t>(record);
  const auto at = static_cast<uint32_t>((*ordinal)++);
  const size_t fields = reader.index().fields(record);
  if (reader.record_bytes(record) > limits.max_record_bytes) {
    bad_.push_back({number, at, "record_too_large",
                    "the record has more than " + std::to_string(limits.max_record_bytes) +
                        " bytes; raise max_record_bytes if that is meant"});
  } else if (fields == fields_) {
    rows_.add(reader.index().firsts.data()[record], number, at);
  } else if (fields < fields_ && ragged_ == RaggedRows::kFill) {
    rows_.add(add_missing_fields(reader, record), number, at);
  } else {
    bad_.push_back({number, at, "ragged_row",
                    fields_text(fields) + " where " + std::to_string(fields_) + " are expected"});
  }
}

// Writes the record's fields once more behind all others, with empty ones at the end.
uint32_t RecordScreen::add_missing_fields(RecordReader& reader, size_t record) {
  RecordIndex& index = reader.index();
  const size_t fields = index.fields(record);
  const auto first = static_cast<uint32_t>(index.ends.size());
  index.ends.reserve(first + fields_ + 1);
  const uint32_t* from = index.ends.data() + index.firsts.data()[record];
  uint32_t* to = index.ends.data() + first;
  std::copy(from, from + fields + 1, to);
  const std::string_view raw = reader.raw(record);
  // Without the CR of a CR LF, which would else begin the first missing field.
  to[fields] = index.begin(record) + static_cast<uint32_t>(raw.size());
  for (size_t i = fields + 1; i <= fields_; ++i) to[i] = to[i - 1] + 1;
  index.ends.resize(first + fields_ + 1);
  return first;
}

}  // namespace chunkmill::csv
