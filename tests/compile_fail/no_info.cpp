// expect: no member named .kInfo.|.kInfo. is not a member
#include <chunkmill/calculator.hpp>

// No kInfo: nothing says what it is called.
class Double : public chunkmill::RowCalculator {
 public:
  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
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
