#include <chunkmill/calculator.hpp>
#include <chunkmill/host.hpp>
#include <cmath>

namespace {

// "usd" is USD; empty when the text is not three letters.
std::string currency_code(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (upper < 'A' || upper > 'Z') return {};
    out.push_back(upper);
  }
  return out.size() == 3 ? out : std::string();
}

std::string need_code(const std::string& text, const std::string& option) {
  std::string code = currency_code(text);
  if (code.empty())
    throw chunkmill::Error(CM_INVALID, "\"" + text + "\" is not an ISO 4217 code like USD")
        .at(option);
  return code;
}

}  // namespace

// Converts a column of money into one currency with a fixed rate table.
class FxConvert : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"fx_convert", "1.1.0", "Convert amounts into one currency",
                                         CM_CALCULATOR_PURE};

  void configure(chunkmill::Options& opt) {
    std::map<std::string, double, std::less<>> rates;
    opt.required("target", target_, "ISO 4217 code to convert into");
    opt.required("rates", rates, "units of the target for one unit of each currency");
    opt.optional("amount", amount_name_, "the column with the amounts");
    opt.optional("currency", currency_name_,
                 "the column with their ISO 4217 codes; not read where the column of amounts "
                 "carries a currency as its unit");
    opt.optional("result", result_name_, "the new column; default: the amount's name_TARGET");
    if (opt.describing()) return;
    target_ = need_code(target_, "target");
    rates_.clear();
    for (const auto& [name, rate] : rates) add_rate(name, rate);
    rates_.try_emplace(target_, 1.0);
  }

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<double>(amount_name_.value, {}, "amount");
    fixed_rate_ = 0;
    currency_ = {};
    const std::string unit =
        amount_.present() ? columns.available()[static_cast<size_t>(amount_.column())].unit : "";
    if (unit.empty()) {
      currency_ = columns.in<std::string_view>(currency_name_.value, {}, "currency");
    } else {
      take_unit(unit, columns);
    }
    const std::string name =
        result_name_.empty() ? amount_name_.value + "_" + target_ : result_name_;
    result_ = columns.out<double>(name, target_);
  }

  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    double rate = fixed_rate_;
    if (rate == 0) {
      const auto found = rates_.find(currency_code(in[currency_]));
      if (found == rates_.end())
        return out.reject("unknown_currency", "no rate for " + std::string(in[currency_]),
                          currency_name_.value);
      rate = found->second;
    }
    const double converted = in[amount_] * rate;
    if (!std::isfinite(converted))
      return out.reject("not_finite",
                        "the amount or its value in " + target_ + " is not a finite number",
                        amount_name_.value);
    out[result_] = converted;
  }

 private:
  void add_rate(const std::string& name, double rate) {
    const std::string code = need_code(name, "rates");
    if (!std::isfinite(rate) || !(rate > 0))
      throw chunkmill::Error(CM_INVALID, "the rate of " + code + " is not a number above 0")
          .at("rates." + name);
    if (code == target_ && rate != 1)
      throw chunkmill::Error(CM_INVALID, "one " + code + " is 1 " + code + ", not another amount")
          .at("rates." + name);
    if (!rates_.emplace(code, rate).second)
      throw chunkmill::Error(CM_INVALID, code + " has two rates").at("rates." + name);
  }

  // The unit that a column carries wins over a column of currencies: that column says what the
  // amounts were before a calculator converted them.
  void take_unit(const std::string& unit, const chunkmill::Columns& columns) {
    const auto found = rates_.find(currency_code(unit));
    if (found == rates_.end())
      throw chunkmill::Error(CM_INVALID, "column \"" + amount_name_.value +
                                             "\" carries the unit \"" + unit +
                                             "\", for which there is no rate")
          .at("rates");
    fixed_rate_ = found->second;
    if (columns.has(currency_name_.value) && !told_) {
      told_ = true;
      host().warn("column \"" + amount_name_.value + "\" carries the unit " + unit + ": column \"" +
                  currency_name_.value + "\" is not read for it");
    }
  }

  std::string target_, result_name_;
  chunkmill::ColumnName amount_name_{"amount"}, currency_name_{"currency"};
  std::map<std::string, double, std::less<>> rates_;
  double fixed_rate_ = 0;  // of the unit of the column of amounts; 0: each row has a currency
  bool told_ = false;      // bind() runs more than once
  chunkmill::In<double> amount_;
  chunkmill::In<std::string_view> currency_;
  chunkmill::Out<double> result_;
};

CHUNKMILL_CALCULATOR(FxConvert)
