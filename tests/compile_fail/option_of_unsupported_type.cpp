// expect: OptionValue
#include <chunkmill/calculator.hpp>

// An option has to have a type that the option schema can say.
class Double : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"double", "1.0.0", "Doubles an amount"};
  void configure(chunkmill::Options& opt) {
    opt.optional("factor", factor_, "what to multiply with");
  }

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    twice_ = columns.out<double>("twice");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    out[twice_] = 2 * in[amount_];
  }

 private:
  void* factor_ = nullptr;
  chunkmill::In<double> amount_;
  chunkmill::Out<double> twice_;
};
CHUNKMILL_CALCULATOR(Double)
