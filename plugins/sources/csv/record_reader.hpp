// Reads a stream buffer by buffer and keeps the records of the buffer in hand indexed. Memory stays
// flat: one buffer, grown only as far as one record of `max_record_bytes` needs.
//
// Failure: look() throws what the stream throws. Threads: one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "chunkmill/builder.hpp"
#include "chunkmill/files/byte_stream.hpp"
#include "chunkmill/files/place.hpp"
#include "dialect.hpp"
#include "record_index.hpp"
#include "scan.hpp"

namespace chunkmill::csv {

struct ReaderLimits {
  size_t buffer_bytes = size_t{256} << 10;
  size_t max_record_bytes = size_t{16} << 20;  // with its line end
  const Scanner* scanner = &best_scanner();
};

using files::Place;

// What lies ahead of the cursor.
enum class Ahead {
  kRecords,       // the index holds records from cursor() on
  kTooLarge,      // a record above the limit; odd() has its beginning
  kUnterminated,  // text up to the end of the stream behind a quote that is never closed; odd() too
  kEnd,
};

// A record that the index cannot hold.
struct OddRecord {
  Place begin;
  uint64_t quote_line = 0;  // where the open quote stands
  std::string raw;          // all of it but where it is too large: its beginning then
};

// What is kept of a record that is too large.
inline constexpr size_t kMaxRawBytes = size_t{64} << 10;

class RecordReader {
 public:
  // `begin` is where the stream stands: at the start of a record.
  RecordReader(std::unique_ptr<files::ByteStream> stream, const Dialect& dialect,
               const ReaderLimits& limits, Place begin);

  // Reads on as far as it takes to know. An odd record is passed by the next call.
  Ahead look();

  const char* data() const { return data_.data(); }
  const RecordIndex& index() const { return index_; }
  RecordIndex& index() { return index_; }
  // The next record in the index (a record that was taken may be changed there).
  size_t cursor() const { return cursor_; }
  void set_cursor(size_t record) { cursor_ = record; }
  const OddRecord& odd() const { return odd_; }

  // Where the record at the cursor begins; behind the last one, where the stream ends.
  Place place() const { return place_of(cursor_); }
  Place place_of(size_t record) const;
  // Record r as it stands, without its line end.
  std::string_view raw(size_t record) const;
  // Its bytes with its line end.
  size_t record_bytes(size_t record) const;

 private:
  void drop(size_t count);
  void drop_consumed();
  bool read_more();
  void index_data();
  Ahead take_odd();
  uint64_t line_of_open_quote(std::string_view text, uint64_t line) const;

  std::unique_ptr<files::ByteStream> stream_;
  const Dialect& dialect_;
  ReaderLimits limits_;
  Buffer<char> data_;  // size() bytes read and not dropped, then a line end once the stream ended
  Place base_;         // of data_[0]
  RecordIndex index_;
  size_t cursor_ = 0;
  bool ended_ = false;
  OddRecord odd_;
};

}  // namespace chunkmill::csv
