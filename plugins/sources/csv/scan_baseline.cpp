// The scanner for x86-64 as it came out (SSE2), and in plain words for every other machine.
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scan_kernel.hpp"

namespace chunkmill::csv {
namespace {

uint64_t prefix_xor_by_shifts(uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

#ifdef __SSE2__
class Baseline {
 public:
  explicit Baseline(const Dialect& dialect)
      : delimiter_(_mm_set1_epi8(dialect.delimiter)),
        quote_(_mm_set1_epi8(dialect.quote)),
        quotes_(dialect.has_quote ? ~uint64_t{0} : 0),
        all_(_mm_setzero_si128()),
        least_(_mm_set1_epi8(-1)) {}

  Masks classify(const char* block) {
    Masks masks{};
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + size_t{i} * 16));
      all_ = _mm_or_si128(all_, bytes);
      least_ = _mm_min_epu8(least_, bytes);
      masks.delimiter |= equal(bytes, delimiter_) << (i * 16);
      masks.quote |= equal(bytes, quote_) << (i * 16);
      masks.line_feed |= equal(bytes, _mm_set1_epi8('\n')) << (i * 16);
      masks.carriage_return |= equal(bytes, _mm_set1_epi8('\r')) << (i * 16);
    }
    masks.quote &= quotes_;
    return masks;
  }
  bool high() const { return _mm_movemask_epi8(all_) != 0; }
  bool zero() const { return _mm_movemask_epi8(_mm_cmpeq_epi8(least_, _mm_setzero_si128())) != 0; }
  static uint64_t prefix_xor(uint64_t bits) { return prefix_xor_by_shifts(bits); }

 private:
  static uint64_t equal(__m128i a, __m128i b) {
    return static_cast<uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b))));
  }

  __m128i delimiter_;
  __m128i quote_;
  uint64_t quotes_;
  __m128i all_;
  __m128i least_;
};
#else
class Baseline {
 public:
  explicit Baseline(const Dialect& dialect) : dialect_(dialect) {}

  Masks classify(const char* block) {
    Masks masks{};
    for (unsigned i = 0; i < 64; ++i) {
      const char c = block[i];
      all_ = static_cast<unsigned char>(all_ | static_cast<unsigned char>(c));
      zero_ |= c == '\0';
      masks.delimiter |= uint64_t{c == dialect_.delimiter} << i;
      masks.quote |= uint64_t{dialect_.has_quote && c == dialect_.quote} << i;
      masks.line_feed |= uint64_t{c == '\n'} << i;
      masks.carriage_return |= uint64_t{c == '\r'} << i;
    }
    return masks;
  }
  bool high() const { return all_ >= 0x80; }
  bool zero() const { return zero_; }
  static uint64_t prefix_xor(uint64_t bits) { return prefix_xor_by_shifts(bits); }

 private:
  const Dialect& dialect_;
  unsigned char all_ = 0;
  bool zero_ = false;
};
#endif

constexpr Scanner kBaseline = {ScanWalks<Baseline>::index, ScanWalks<Baseline>::track,
                               ScanWalks<Baseline>::finish_record};

}  // namespace

const Scanner& baseline_scanner() { return kBaseline; }

const Scanner& best_scanner() {
  const Scanner* wide = avx2_scanner();
  return wide != nullptr ? *wide : kBaseline;
}

}  // namespace chunkmill::csv
