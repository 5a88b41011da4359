// expect: kOptional
#include <chunkmill/calculator.hpp>

// A column that may be missing needs an optional type.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in_if_present<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    out[twice_] = 2 * in[amount_];
  }

 private:
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
