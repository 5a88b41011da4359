// The scanner over 64 bytes at a time, for one instruction set. Included by scan_baseline.cpp and
// scan_avx2.cpp only, inside their target region; `Isa` gives:
//   Isa(const Dialect&), Masks classify(const char*), bool high(), bool zero(),
//   static uint64_t prefix_xor(uint64_t).
#pragma once

#include <bit>
#include <cstdint>

#include "scan.hpp"

namespace chunkmill::csv {

// Bit i speaks of byte i of a block.
struct Masks {
  uint64_t delimiter;
  uint64_t quote;
  uint64_t line_feed;
  uint64_t carriage_return;
};

enum class Purpose { kIndex, kTrack, kFinishRecord };

template <typename Isa, Purpose kPurpose>
class ScanKernel {
 public:
  ScanKernel(const Dialect& dialect, ScanState* state, RecordIndex* out)
      : isa_(dialect), dialect_(dialect), target_(state), state_(*state), out_(out) {}
  ScanKernel(const ScanKernel&) = delete;
  ~ScanKernel() { *target_ = state_; }

  size_t run(const char* data, size_t size, bool at_end) {
    if (!at_end && size > 0 && data[size - 1] == '\r') --size;
    uint64_t quotes = 0;
    size_t base = 0;
    for (; base < size; base += 64) {
      const size_t left = size - base;
      const unsigned count = left < 64 ? static_cast<unsigned>(left) : 64;
      const bool feed_follows = left > 64 && data[base + 64] == '\n';
      load(data + base, count, feed_follows);
      quotes |= masks_.quote;
      if constexpr (kPurpose == Purpose::kIndex) {
        out_->ends.extend(64 + kUnroll);
        out_->firsts.extend(64);
        out_->lines.extend(64);
      }
      base_ = static_cast<uint32_t>(base);
      bool regular = false;
      if constexpr (kPurpose != Purpose::kFinishRecord) regular = take_regular(data + base, count);
      if (!regular) {
        const unsigned stop = walk(data + base, count);
        if (kPurpose == Purpose::kFinishRecord && state_.mode == ScanMode::kRecordStart) {
          state_.lines += lines_upto(stop - 1);
          return base + stop;
        }
      }
      state_.lines += static_cast<uint64_t>(std::popcount(newlines_));
    }
    if constexpr (kPurpose == Purpose::kIndex) {
      out_->has_quote |= quotes != 0;
      out_->has_high |= isa_.high();
      out_->has_zero |= isa_.zero();
    }
    return size;
  }

 private:
  static constexpr unsigned kUnroll = 8;

  static uint64_t upto(unsigned bit) { return ~uint64_t{0} >> (63 - bit); }
  uint64_t lines_upto(unsigned bit) const {
    return static_cast<uint64_t>(std::popcount(newlines_ & upto(bit)));
  }

  void load(const char* block, unsigned count, bool feed_follows) {
    masks_ = isa_.classify(block);
    if (count < 64) {
      const uint64_t valid = upto(count - 1);
      masks_.delimiter &= valid;
      masks_.quote &= valid;
      masks_.line_feed &= valid;
      masks_.carriage_return &= valid;
    }
    newlines_ = masks_.line_feed;
    before_feed_ = 0;
    if (masks_.carriage_return != 0) {
      const uint64_t feeds = masks_.line_feed >> 1 | uint64_t{feed_follows} << 63;
      before_feed_ = masks_.carriage_return & feeds;
      newlines_ |= masks_.carriage_return & ~feeds;
    }
  }

  // Takes the block at one go when its quotes are where RFC 4180 wants them: then a quote more or
  // less is all that tells inside from outside. Returns false, having done nothing, when it must be
  // walked.
  bool take_regular(const char* block, unsigned count) {
    const ScanMode mode = state_.mode;
    if (dialect_.has_comment || mode > ScanMode::kQuoteSeen || state_.bad_quote) return false;
    const uint64_t separators = masks_.delimiter | newlines_;
    if (masks_.quote == 0 && mode < ScanMode::kQuoted) {
      if (dialect_.trim && !blanks_settled(block, count, separators)) return false;
      emit(separators, newlines_);
      const uint64_t last = uint64_t{1} << (count - 1);
      state_.mode = (newlines_ & last) != 0    ? ScanMode::kRecordStart
                    : (separators & last) != 0 ? ScanMode::kFieldStart
                                               : ScanMode::kUnquoted;
      return true;
    }
    if (dialect_.trim) return false;
    const uint64_t carry = mode == ScanMode::kQuoted ? ~uint64_t{0} : 0;
    const uint64_t inside = Isa::prefix_xor(masks_.quote) ^ carry;
    const uint64_t opening = masks_.quote & inside;
    const uint64_t closing = masks_.quote & ~inside;
    const uint64_t outside = separators & ~inside;
    const uint64_t behind_separator =
        outside << 1 | uint64_t{mode == ScanMode::kRecordStart || mode == ScanMode::kFieldStart};
    const uint64_t behind_closing = closing << 1 | uint64_t{mode == ScanMode::kQuoteSeen};
    const uint64_t valid = upto(count - 1);
    const uint64_t may_follow = outside | opening | before_feed_;
    if ((opening & ~(behind_separator | behind_closing)) != 0 ||
        (behind_closing & ~may_follow & valid) != 0)
      return false;
    emit(outside, newlines_ & ~inside);
    const uint64_t last = uint64_t{1} << (count - 1);
    state_.mode = (inside & last) != 0                       ? ScanMode::kQuoted
                  : (closing & last) != 0                    ? ScanMode::kQuoteSeen
                  : (newlines_ & ~inside & last) != 0        ? ScanMode::kRecordStart
                  : (masks_.delimiter & ~inside & last) != 0 ? ScanMode::kFieldStart
                                                             : ScanMode::kUnquoted;
    return true;
  }

  // With `trim` a block that ends in blanks at the start of a field leaves open whether a quote
  // follows them.
  bool blanks_settled(const char* block, unsigned count, uint64_t separators) const {
    const unsigned from =
        separators == 0 ? 0 : 64 - static_cast<unsigned>(std::countl_zero(separators));
    if (separators == 0 && state_.mode == ScanMode::kUnquoted) return true;
    for (unsigned i = from; i < count; ++i)
      if (!dialect_.is_blank(block[i])) return true;
    return from == count;
  }

  void emit(uint64_t separators, uint64_t newlines) {
    if constexpr (kPurpose == Purpose::kIndex) {
      const auto last = static_cast<uint32_t>(out_->ends.size() - 1);
      uint32_t* to = out_->ends.data() + last + 1;
      const auto count = static_cast<unsigned>(std::popcount(separators));
      for (uint64_t left = separators; left != 0; to += kUnroll) {
        for (unsigned i = 0; i < kUnroll; ++i) {
          to[i] = base_ + static_cast<uint32_t>(std::countr_zero(left));
          left &= left - 1;
        }
      }
      out_->ends.resize(last + 1 + count);
      size_t record = out_->firsts.size();
      for (uint64_t left = newlines; left != 0; left &= left - 1) {
        const uint64_t mask = left ^ (left - 1);
        out_->firsts.data()[record] =
            last + static_cast<uint32_t>(std::popcount(separators & mask));
        out_->lines.data()[record] = static_cast<uint32_t>(
            state_.lines + static_cast<uint64_t>(std::popcount(newlines_ & mask)));
        ++record;
      }
      out_->firsts.resize(record);
      out_->lines.resize(record);
    } else {
      (void)separators;
      (void)newlines;
    }
  }

  void end_field(unsigned bit) {
    if constexpr (kPurpose == Purpose::kIndex)
      out_->ends.push_back(base_ + bit);
    else
      (void)bit;
  }

  void end_record(unsigned bit, bool comment) {
    if constexpr (kPurpose == Purpose::kIndex) {
      const auto record = static_cast<uint32_t>(out_->records());
      if (comment) out_->flagged.push_back({record, RecordFlag::kComment});
      if (state_.bad_quote) out_->flagged.push_back({record, RecordFlag::kBadQuote});
      out_->firsts.push_back(static_cast<uint32_t>(out_->ends.size() - 1));
      out_->lines.push_back(static_cast<uint32_t>(state_.lines + lines_upto(bit)));
    } else {
      (void)bit;
      (void)comment;
    }
    state_.bad_quote = false;
    state_.mode = ScanMode::kRecordStart;
  }

  // One structural byte after the other. Returns the bytes of the block that were taken: all, or
  // those up to the record's end.
  unsigned walk(const char* block, unsigned count) {
    const uint64_t separators = masks_.delimiter | newlines_;
    unsigned at = 0;
    while (at < count) {
      const uint64_t rest = ~uint64_t{0} << at;
      switch (state_.mode) {
        case ScanMode::kRecordStart:
          if (dialect_.has_comment && block[at] == dialect_.comment) {
            state_.mode = ScanMode::kComment;
            break;
          }
          state_.mode = ScanMode::kFieldStart;
          [[fallthrough]];
        case ScanMode::kFieldStart:
          if ((masks_.quote >> at & 1) != 0) {
            state_.mode = ScanMode::kQuoted;
            ++at;
            break;
          }
          if (dialect_.trim && dialect_.is_blank(block[at])) {
            ++at;
            break;
          }
          state_.mode = ScanMode::kUnquoted;
          [[fallthrough]];
        case ScanMode::kUnquoted: {
          const auto next = static_cast<unsigned>(std::countr_zero(separators & rest));
          if (next >= count) return count;
          end_field(next);
          at = next + 1;
          if ((newlines_ >> next & 1) != 0) {
            end_record(next, false);
            if constexpr (kPurpose == Purpose::kFinishRecord) return at;
          } else {
            state_.mode = ScanMode::kFieldStart;
          }
          break;
        }
        case ScanMode::kQuoted: {
          const auto next = static_cast<unsigned>(std::countr_zero(masks_.quote & rest));
          if (next >= count) return count;
          state_.mode = ScanMode::kQuoteSeen;
          at = next + 1;
          break;
        }
        case ScanMode::kQuoteSeen:
          if ((masks_.quote >> at & 1) != 0) {
            state_.mode = ScanMode::kQuoted;
            ++at;
            break;
          }
          state_.mode = ScanMode::kAfterQuote;
          [[fallthrough]];
        case ScanMode::kAfterQuote:
          if (dialect_.trim && dialect_.is_blank(block[at])) {
            ++at;
            break;
          }
          if (((separators | before_feed_) >> at & 1) == 0) state_.bad_quote = true;
          state_.mode = ScanMode::kUnquoted;
          break;
        case ScanMode::kComment: {
          const auto next = static_cast<unsigned>(std::countr_zero(newlines_ & rest));
          if (next >= count) return count;
          end_field(next);
          end_record(next, true);
          at = next + 1;
          if constexpr (kPurpose == Purpose::kFinishRecord) return at;
          break;
        }
      }
    }
    return count;
  }

  Isa isa_;
  const Dialect& dialect_;
  ScanState* target_;
  ScanState state_;  // a copy, so that it can live in registers
  RecordIndex* out_;
  Masks masks_{};
  uint64_t newlines_ = 0;     // line ends: LF, and CR without an LF behind it
  uint64_t before_feed_ = 0;  // the CR of each CR LF
  uint32_t base_ = 0;
};

// The three walks over one instruction set.
template <typename Isa>
struct ScanWalks {
  static size_t index(const Dialect& dialect, const char* data, size_t size, bool at_end,
                      ScanState* state, RecordIndex* out) {
    return ScanKernel<Isa, Purpose::kIndex>(dialect, state, out).run(data, size, at_end);
  }
  static size_t track(const Dialect& dialect, const char* data, size_t size, bool at_end,
                      ScanState* state) {
    return ScanKernel<Isa, Purpose::kTrack>(dialect, state, nullptr).run(data, size, at_end);
  }
  static size_t finish_record(const Dialect& dialect, const char* data, size_t size, bool at_end,
                              ScanState* state) {
    return ScanKernel<Isa, Purpose::kFinishRecord>(dialect, state, nullptr).run(data, size, at_end);
  }
};

}  // namespace chunkmill::csv
