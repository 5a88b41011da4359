// expect: no match for .operator\[\].|no viable overloaded operator\[\]
#include <chunkmill/calculator.hpp>

// An output cannot be read back through the input row.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const { out[twice_] = in[twice_]; }

 private:
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
