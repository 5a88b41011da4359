// expect: in read-only object|within const member function
#include <chunkmill/calculator.hpp>

// State of the object is shared by all lanes: row() cannot change it.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    ++rows_;
    out[twice_] = 2 * in[amount_];
  }

 private:
  long rows_ = 0;
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
