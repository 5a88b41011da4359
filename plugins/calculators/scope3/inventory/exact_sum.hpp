// A sum that is the same for every order of its terms: two wide integers, no rounding on the way.
#pragma once

#include <cmath>
#include <cstdint>

#include "chunkmill/arrow.hpp"

namespace chunkmill::scope3 {

// Terms below kLargest in size; each is taken to the nearest 2^-60.
class ExactSum {
 public:
  static constexpr double kLargest = 1e36;

  void add(double value) {
    const double high = std::trunc(value * kToHigh);
    high_ += static_cast<Int128>(high);
    // Exact: what is left is below 2^20, and a double's bits lie in it as they lay in `value`.
    low_ += static_cast<Int128>(std::nearbyint((value - high / kToHigh) * kToLow));
  }
  void add(const ExactSum& other) {
    high_ += other.high_;
    low_ += other.low_;
  }
  double value() const {
    return static_cast<double>(high_) / kToHigh + static_cast<double>(low_) / kToLow;
  }

 private:
  static constexpr double kToHigh = 0x1p-20;
  static constexpr double kToLow = 0x1p60;

  Int128 high_ = 0;  // in units of 2^20
  Int128 low_ = 0;   // in units of 2^-60
};

}  // namespace chunkmill::scope3
