// The scanner for machines with AVX2, chosen when the program runs. Everything between the region
// marks is compiled for them; nothing there is a template of std that other files share, because
// the kernel's types are named after an Isa of this file alone.
#include <bit>
#include <cstdint>
#include <vector>

#include "scan.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt,pclmul"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt,pclmul")
#endif

#include "scan_kernel.hpp"

namespace chunkmill::csv {
namespace {

class Avx2 {
 public:
  explicit Avx2(const Dialect& dialect)
      : delimiter_(_mm256_set1_epi8(dialect.delimiter)),
        quote_(_mm256_set1_epi8(dialect.quote)),
        quotes_(dialect.has_quote ? ~uint64_t{0} : 0),
        all_(_mm256_setzero_si256()),
        least_(_mm256_set1_epi8(-1)) {}

  Masks classify(const char* block) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
    all_ = _mm256_or_si256(all_, _mm256_or_si256(low, high));
    least_ = _mm256_min_epu8(least_, _mm256_min_epu8(low, high));
    return {equal(low, high, delimiter_), equal(low, high, quote_) & quotes_,
            equal(low, high, _mm256_set1_epi8('\n')), equal(low, high, _mm256_set1_epi8('\r'))};
  }
  bool high() const { return _mm256_movemask_epi8(all_) != 0; }
  bool zero() const {
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(least_, _mm256_setzero_si256())) != 0;
  }
  static uint64_t prefix_xor(uint64_t bits) {
    const __m128i value = _mm_set_epi64x(0, static_cast<int64_t>(bits));
    return static_cast<uint64_t>(
        _mm_cvtsi128_si64(_mm_clmulepi64_si128(value, _mm_set1_epi8(-1), 0)));
  }

 private:
  static uint64_t equal(__m256i low, __m256i high, __m256i wanted) {
    const auto first = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
    const auto second =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
    return first | uint64_t{second} << 32;
  }

  __m256i delimiter_;
  __m256i quote_;
  uint64_t quotes_;
  __m256i all_;
  __m256i least_;
};

constexpr Scanner kAvx2 = {ScanWalks<Avx2>::index, ScanWalks<Avx2>::track,
                           ScanWalks<Avx2>::finish_record};

}  // namespace
}  // namespace chunkmill::csv

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace chunkmill::csv {

const Scanner* avx2_scanner() {
  static const bool kHas = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
  return kHas ? &kAvx2 : nullptr;
}

}  // namespace chunkmill::csv
#else
namespace chunkmill::csv {
const Scanner* avx2_scanner() { return nullptr; }
}  // namespace chunkmill::csv
#endif
