#include "record_reader.hpp"

#include <algorithm>
#include <cstring>

namespace chunkmill::csv {

RecordReader::RecordReader(std::unique_ptr<files::ByteStream> stream, const Dialect& dialect,
                           const ReaderLimits& limits, Place begin)
    : stream_(std::move(stream)), dialect_(dialect), limits_(limits), base_(begin) {
  limits_.buffer_bytes = std::max<size_t>(limits_.buffer_bytes, 1);
  index_.clear();
}

Place RecordReader::place_of(size_t record) const {
  // The line end that was added at the end of the stream is not part of it.
  const size_t begin = std::min<size_t>(index_.begin(record), data_.size());
  return {base_.offset + begin, base_.line + index_.lines.data()[record]};
}

size_t RecordReader::record_bytes(size_t record) const {
  return std::min<size_t>(index_.begin(record + 1), data_.size()) - index_.begin(record);
}

std::string_view RecordReader::raw(size_t record) const {
  const size_t begin = index_.begin(record);
  size_t end = begin + record_bytes(record);
  if (end > begin && data_.data()[end - 1] == '\n') --end;
  if (end > begin && data_.data()[end - 1] == '\r') --end;
  return {data_.data() + begin, end - begin};
}

Ahead RecordReader::look() {
  while (cursor_ == index_.records()) {
    drop_consumed();
    const bool too_large = data_.size() > limits_.max_record_bytes;
    if (!too_large && read_more()) {
      index_data();
      continue;
    }
    if (data_.size() == 0) return Ahead::kEnd;
    const Ahead odd = take_odd();
    const bool comment = dialect_.has_comment && odd_.raw.front() == dialect_.comment;
    if (!comment) return odd;
  }
  return Ahead::kRecords;
}

// Takes bytes off the front.
void RecordReader::drop(size_t count) {
  if (count == 0) return;
  std::memmove(data_.data(), data_.data() + count, data_.size() - count);
  data_.resize(data_.size() - count);
}

// Keeps the record that is not complete yet, at the front.
void RecordReader::drop_consumed() {
  const Place next = place();
  const size_t gone = next.offset - base_.offset;
  drop(gone);
  base_ = next;
  index_.clear();
  cursor_ = 0;
}

// False when there is nothing more to read.
bool RecordReader::read_more() {
  if (ended_) return false;
  // An unfinished record is scanned again from its start: at least twice as much each time keeps
  // the cost of a long one linear.
  const size_t kept = data_.size();
  const size_t wanted = kept < limits_.buffer_bytes / 2
                            ? kept + 1
                            : std::clamp(kept * 2, kept + 1, limits_.max_record_bytes + 1);
  const size_t room = std::max(limits_.buffer_bytes, wanted);
  data_.reserve(room + kScanPadding + 1);
  while (!ended_ && data_.size() < wanted) {
    const size_t got = stream_->read(data_.data() + data_.size(), room - data_.size());
    data_.advance(got);
    ended_ = got == 0;
  }
  return true;
}

void RecordReader::index_data() {
  std::memset(data_.data() + data_.size(), 0, kScanPadding + 1);
  size_t size = data_.size();
  if (ended_ && size > 0) data_.data()[size++] = '\n';
  ScanState state;
  limits_.scanner->index(dialect_, data_.data(), size, ended_, &state, &index_);
}

// Passes the record at the front, which is too large or never ends, and keeps its text, or its
// beginning.
Ahead RecordReader::take_odd() {
  odd_.begin = base_;
  odd_.raw.assign(data_.data(), std::min(data_.size(), limits_.max_record_bytes));
  odd_.quote_line = line_of_open_quote({data_.data(), data_.size()}, base_.line);
  ScanState state;
  data_.reserve(std::max(data_.size(), limits_.buffer_bytes) + kScanPadding + 1);
  bool more = true;
  while (true) {
    const bool at_end = ended_ && !more;
    const size_t done =
        limits_.scanner->finish_record(dialect_, data_.data(), data_.size(), at_end, &state);
    drop(done);
    base_.offset += done;
    if ((done > 0 && state.mode == ScanMode::kRecordStart) || at_end) break;
    if (!ended_) {
      const size_t got =
          stream_->read(data_.data() + data_.size(), limits_.buffer_bytes + 1 - data_.size());
      data_.advance(got);
      ended_ = got == 0;
    }
    more = !ended_;
  }
  base_.line += state.lines;
  index_data();
  if (state.mode == ScanMode::kQuoted) return Ahead::kUnterminated;
  odd_.raw.resize(std::min(odd_.raw.size(), kMaxRawBytes));
  return Ahead::kTooLarge;
}

uint64_t RecordReader::line_of_open_quote(std::string_view text, uint64_t line) const {
  bool at_field = true;
  bool inside = false;
  bool closed = false;  // by the byte before
  uint64_t opened = line;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) ++line;
    if (inside) {
      inside = c != dialect_.quote;
      closed = !inside;
    } else {
      if (c == dialect_.quote && dialect_.has_quote && (at_field || closed)) {
        inside = true;
        if (!closed) opened = line;
      }
      closed = false;
    }
    at_field =
        !inside && (c == dialect_.delimiter || (at_field && dialect_.trim && dialect_.is_blank(c)));
  }
  return opened;
}

}  // namespace chunkmill::csv
