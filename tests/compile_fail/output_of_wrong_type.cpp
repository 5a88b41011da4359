// expect: no match for .operator=.|no viable overloaded .=.
#include <chunkmill/calculator.hpp>

// Text into a column of numbers.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row&, chunkmill::RowOut& out) const {
    out[twice_] = std::string_view("two");
  }

 private:
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
