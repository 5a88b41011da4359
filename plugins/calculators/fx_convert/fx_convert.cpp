#include <chunkmill/calculator.hpp>

// Converts `amount` into one currency with a fixed rate table.
class FxConvert : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"fx_convert", "1.0.0", "Convert amounts into one currency",
                                         CM_CALCULATOR_PURE};

  void configure(chunkmill::Options& opt) {
    opt.required("target", target_, "ISO 4217 code to convert into");
    opt.required("rates", rates_, "units of the target for one unit of each currency");
  }

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>("amount");
    currency_ = columns.in<std::string_view>("currency");
    result_ = columns.out<double>("amount_" + target_, target_);
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    const auto rate = rates_.find(in[currency_]);
    if (rate == rates_.end()) {
      return out.reject("unknown_currency", "no rate for " + std::string(in[currency_]),
                        "currency");
    }
    out[result_] = in[amount_] * rate->second;
  }

 private:
  std::string target_;
  std::map<std::string, double, std::less<>> rates_;
  chunkmill::In<double> amount_;
  chunkmill::In<std::string_view> currency_;
  chunkmill::Out<double> result_;
};

CHUNKMILL_CALCULATOR(FxConvert)
