// Parts the records of a buffer into rows and those that cannot be rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chunkmill/builder.hpp"
#include "record_reader.hpp"

namespace chunkmill::csv {

// Records that have the right number of fields, in order.
struct RowSet {
  Buffer<uint32_t> firsts;    // see RecordIndex: where the fields of the row begin
  Buffer<uint32_t> records;   // of the index
  Buffer<uint32_t> ordinals;  // in the chunk

  size_t size() const { return firsts.size(); }
  void clear() {
    firsts.clear();
    records.clear();
    ordinals.clear();
  }
  void add(uint32_t first, uint32_t record, uint32_t ordinal) {
    firsts.push_back(first);
    records.push_back(record);
    ordinals.push_back(ordinal);
  }
};

enum class RaggedRows { kReject, kFill };

// A record that is no row.
struct BadRecord {
  uint32_t record = 0;
  uint32_t ordinal = 0;
  const char* code = "";
  std::string message{};
};

struct ScreenLimits {
  size_t records;  // that count, good and bad
  size_t bytes;
  size_t max_record_bytes;
};

class RecordScreen {
 public:
  RecordScreen(size_t field_count, RaggedRows ragged) : fields_(field_count), ragged_(ragged) {}

  // Takes records from the reader's cursor on, which it moves, and gives them ordinals from
  // `*ordinal` on. At least one record is taken. Returns the bytes they had.
  size_t take(RecordReader& reader, const ScreenLimits& limits, uint64_t* ordinal);

  const RowSet& rows() const { return rows_; }
  RowSet& rows() { return rows_; }
  const std::vector<BadRecord>& bad() const { return bad_; }

 private:
  bool is_blank(const RecordReader& reader, size_t record) const;
  void take_irregular(RecordReader& reader, size_t record, const ScreenLimits& limits,
                      uint64_t* ordinal);
  uint32_t add_missing_fields(RecordReader& reader, size_t record);

  const size_t fields_;
  const RaggedRows ragged_;
  RowSet rows_;
  std::vector<BadRecord> bad_;
};

}  // namespace chunkmill::csv
