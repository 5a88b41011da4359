// expect: lvalue required as left operand|expression is not assignable
#include <chunkmill/calculator.hpp>

// Input rows are borrowed and read-only.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut&) const { in[amount_] = 0.0; }

 private:
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
