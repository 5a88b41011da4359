// The scanner: finds where fields and records end, by the one definition of CSV that the whole
// plugin follows:
// - Outside quotes the delimiter ends a field; LF, CR LF and a CR alone end a record.
// - A quote at the very start of a field (behind blanks, with `trim`) opens a quoted field. In it a
//   doubled quote stands for one; any other quote closes it. Behind the closing quote the field
//   must end; where it does not, the record is flagged as badly quoted and ends at the next line
//   end.
// - A quote anywhere else is text.
// - A line that begins with the comment character is a comment up to its line end.
// Threads: any; all state is the caller's.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dialect.hpp"
#include "record_index.hpp"

namespace chunkmill::csv {

enum class ScanMode : uint8_t {
  kRecordStart,
  kFieldStart,
  kUnquoted,
  kQuoted,
  kQuoteSeen,   // behind a quote inside a quoted field: closed, or doubled
  kAfterQuote,  // in blanks behind a closing quote (with `trim`)
  kComment,
};

struct ScanState {
  ScanMode mode = ScanMode::kRecordStart;
  bool bad_quote = false;  // in this record
  uint64_t lines = 0;      // lines ended so far, inside quotes too

  bool operator==(const ScanState&) const = default;
};

// Bytes behind the end of the data that the scanner may read (and ignores).
inline constexpr size_t kScanPadding = 64;

// The three walks over text. Each begins at `data` in `state`, reads `size` bytes at most and moves
// `state` to where it stopped. A CR as the last byte is left alone unless `at_end`: what follows
// decides whether a line ends there.
struct Scanner {
  // Adds the fields and records that end in the data. Returns the bytes looked at.
  size_t (*index)(const Dialect&, const char* data, size_t size, bool at_end, ScanState* state,
                  RecordIndex* out);
  // Follows quotes and counts lines, nothing else. Returns the bytes looked at.
  size_t (*track)(const Dialect&, const char* data, size_t size, bool at_end, ScanState* state);
  // Stops behind the end of the record in hand: then the mode is kRecordStart. Returns the bytes
  // looked at.
  size_t (*finish_record)(const Dialect&, const char* data, size_t size, bool at_end,
                          ScanState* state);
};

const Scanner& baseline_scanner();  // any x86-64, or any other machine
const Scanner* avx2_scanner();      // null where the machine lacks AVX2
const Scanner& best_scanner();

}  // namespace chunkmill::csv
