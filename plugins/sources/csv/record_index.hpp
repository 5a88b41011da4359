// Where the fields and records of a buffer lie.
#pragma once

#include <cstdint>
#include <vector>

#include "chunkmill/builder.hpp"

namespace chunkmill::csv {

enum class RecordFlag : uint8_t { kComment, kBadQuote };

struct FlaggedRecord {
  uint32_t record;
  RecordFlag flag;
};

// The complete records of one buffer. Field k of record r begins behind `ends[firsts[r] + k]` and
// ends before `ends[firsts[r] + k + 1]`; ends[0] stands for the byte before the buffer, so that it
// is -1 and wraps to 0. A field that ends at "\r\n" still has the '\r'. Blank lines and comments
// are records here: a blank line has one empty field, a comment is flagged.
struct RecordIndex {
  Buffer<uint32_t> ends;
  Buffer<uint32_t> firsts;  // one more than there are records
  Buffer<uint32_t> lines;   // lines ended before record r; one more than there are records
  std::vector<FlaggedRecord> flagged;  // ascending
  // What the buffer holds; true where unsure.
  bool has_quote = false;
  bool has_high = false;  // a byte that is not ASCII
  bool has_zero = false;

  void clear() {
    ends.clear();
    firsts.clear();
    lines.clear();
    ends.push_back(UINT32_MAX);
    firsts.push_back(0);
    lines.push_back(0);
    flagged.clear();
    has_quote = has_high = has_zero = false;
  }
  size_t records() const { return firsts.size() - 1; }
  size_t fields(size_t r) const { return firsts.data()[r + 1] - firsts.data()[r]; }
  // First byte of record r, and of the record after the last one.
  uint32_t begin(size_t r) const { return ends.data()[firsts.data()[r]] + 1; }
};

}  // namespace chunkmill::csv
