// PostgreSQL's numeric in its binary form: digits of base 10,000 around the decimal point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "chunkmill/arrow.hpp"

namespace chunkmill::postgres {

// The most bytes that write_numeric() needs: a header of 8 and 11 digits.
inline constexpr size_t kMaxNumericBytes = 8 + 2 * 11;

// Writes `value` x 10^-scale; returns the end.
char* write_numeric(char* out, Int128 value, int scale);

enum class NumericFault { kNone, kBad, kNotFinite, kTooLarge, kTooManyDecimals };

// Reads a numeric into an integer scaled by 10^scale, of at most `precision` digits.
NumericFault read_numeric(std::string_view bytes, int precision, int scale, Int128* out);

}  // namespace chunkmill::postgres
