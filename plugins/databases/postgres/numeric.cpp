#include "plugins/databases/postgres/numeric.hpp"

#include <charconv>
#include <cstring>

#include "plugins/databases/postgres/wire.hpp"

namespace chunkmill::postgres {
namespace {

__extension__ typedef unsigned __int128 Unsigned128;

constexpr int kGroup = 4;  // decimal digits in a digit of base 10,000
constexpr int kBase = 10'000;
constexpr int kMaxDigits = 39;  // of an Unsigned128
constexpr uint16_t kNegative = 0x4000;
constexpr uint16_t kNotANumber = 0xC000;  // and the two infinities: all above kNegative
constexpr size_t kHeaderBytes = 8;

// The decimal digits of `value`, at the end of `text`; returns their begin.
char* write_digits(char (&text)[kMaxDigits], Unsigned128 value) {
  constexpr auto kLow = static_cast<uint64_t>(10'000'000'000'000'000'000U);  // 10^19
  char* p = text + sizeof text;
  while (value > UINT64_MAX) {
    auto low = static_cast<uint64_t>(value % kLow);
    value /= kLow;
    for (int i = 0; i < 19; ++i, low /= 10) *--p = static_cast<char>('0' + low % 10);
  }
  auto rest = static_cast<uint64_t>(value);
  for (; rest != 0; rest /= 10) *--p = static_cast<char>('0' + rest % 10);
  return p;
}

}  // namespace

char* write_numeric(char* out, Int128 value, int scale) {
  char text[kMaxDigits];
  const bool is_negative = value < 0;
  const auto size = static_cast<Unsigned128>(value);
  const char* const digits = write_digits(text, is_negative ? Unsigned128(0) - size : size);
  const char* const end = text + sizeof text;
  const int count = static_cast<int>(end - digits);
  // Decimal places are numbered from the point: 0 is the ones, -1 the tenths. The digit of base
  // 10,000 with weight w holds the places 4w to 4w + 3.
  const auto digit_at = [&](int place) {
    const int from_end = place + scale;
    return from_end >= 0 && from_end < count ? *(end - 1 - from_end) - '0' : 0;
  };
  const int highest = count - 1 - scale;
  int weight = highest >= 0 ? highest / kGroup : -((-highest + kGroup - 1) / kGroup);
  char* const head = out;
  char* p = head + kHeaderBytes;
  char* last = p;  // the end without zeros at the end
  const int first_weight = weight;
  if (count > 0) {
    for (; weight * kGroup + kGroup - 1 >= -scale; --weight) {
      int digit = 0;
      for (int i = kGroup - 1; i >= 0; --i) digit = digit * 10 + digit_at(weight * kGroup + i);
      p = write_big(p, static_cast<uint16_t>(digit));
      if (digit != 0) last = p;
    }
  }
  const auto written = static_cast<uint16_t>((last - head - static_cast<int>(kHeaderBytes)) / 2);
  p = write_big(head, written);
  p = write_big(p, static_cast<uint16_t>(written == 0 ? 0 : first_weight));
  p = write_big(p, static_cast<uint16_t>(is_negative ? kNegative : 0));
  write_big(p, static_cast<uint16_t>(scale));
  return last;
}

NumericFault read_numeric(std::string_view bytes, int precision, int scale, Int128* out) {
  if (bytes.size() < kHeaderBytes) return NumericFault::kBad;
  const int count = read_big<uint16_t>(bytes.data());
  const int weight = static_cast<int16_t>(read_big<uint16_t>(bytes.data() + 2));
  const uint16_t sign = read_big<uint16_t>(bytes.data() + 4);
  if (sign >= kNotANumber) return NumericFault::kNotFinite;
  if (bytes.size() != kHeaderBytes + 2 * static_cast<size_t>(count)) return NumericFault::kBad;
  Unsigned128 most = 1;  // what may be multiplied by ten
  for (int i = 1; i < precision; ++i) most *= 10;
  Unsigned128 value = 0;
  // Place by place from the highest digit to 10^-scale; what stands lower must be zero.
  int place = weight * kGroup + kGroup - 1;
  for (int i = 0; i < count; ++i) {
    int digit = read_big<uint16_t>(bytes.data() + kHeaderBytes + 2 * static_cast<size_t>(i));
    if (digit >= kBase) return NumericFault::kBad;
    for (int unit = kBase / 10; unit > 0; unit /= 10, --place) {
      const int one = digit / unit % 10;
      if (place < -scale) {
        if (one != 0) return NumericFault::kTooManyDecimals;
        continue;
      }
      if (value >= most) return NumericFault::kTooLarge;
      value = value * 10 + static_cast<unsigned>(one);
    }
  }
  for (; place >= -scale && value != 0; --place) {
    if (value >= most) return NumericFault::kTooLarge;
    value *= 10;
  }
  *out = sign == kNegative ? -static_cast<Int128>(value) : static_cast<Int128>(value);
  return NumericFault::kNone;
}

}  // namespace chunkmill::postgres
