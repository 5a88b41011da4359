#include <chunkmill/calculator.hpp>

// Multiplies `amount` by a factor. A row without an amount is rejected before row() sees it.
class @CLASS@ : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"@NAME@", "0.1.0", "Multiply an amount by a factor"};

  void configure(chunkmill::Options& opt) {
    opt.optional("factor", factor_, "what the amount is multiplied by");
  }

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    result_ = columns.out<double>("result");
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    if (in[amount_] < 0) return out.reject("negative_amount", "the amount is below zero", "amount");
    out[result_] = in[amount_] * factor_;
  }

 private:
  double factor_ = 2;
  chunkmill::In<double> amount_;
  chunkmill::Out<double> result_;
};
CHUNKMILL_CALCULATOR(@CLASS@)
