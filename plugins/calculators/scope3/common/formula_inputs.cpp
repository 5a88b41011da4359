// What formulas read of a row: numbers, amounts, money.
#include <cmath>

#include "plugins/calculators/scope3/common/formula.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr double kPercent = 100;
}  // namespace

std::string_view Formula::text(Input in) {
  const std::string_view out = cells_.text(in, row_);
  if (out.empty()) fail(missing(), in);
  return out;
}

std::string_view Formula::text_or(Input in, std::string_view otherwise) const {
  const std::string_view out = cells_.text(in, row_);
  return out.empty() ? otherwise : out;
}

double Formula::number(Input in) {
  if (!has(in)) {
    fail(missing(), in);
    return 0;
  }
  const double out = cells_.number(in, row_);
  if (!std::isfinite(out)) fail(Gap::kNotFinite, in);
  has_data_ = true;
  return out;
}

double Formula::number_or(Input in, double otherwise) { return has(in) ? number(in) : otherwise; }

double Formula::percent(Input in, double at_most) {
  const double out = number(in) / kPercent;
  if (out < 0 || out > at_most) fail(Gap::kShareOutOfRange, in);
  return out;
}

double Formula::percent_of_group(Input in) { return group_share_ = percent(in); }

bool Formula::yes(Input in, bool otherwise) const {
  return has(in) ? cells_.yes(in, row_) : otherwise;
}

const Formula::KnownUnit& Formula::unit(std::string_view text) {
  if (last_known_ != nullptr && last_known_->text.view() == text) return *last_known_;
  const uint32_t found = unit_index_.find(text);
  if (found != KeyIndex::kAbsent) return *(last_known_ = &units_[found]);
  KnownUnit& known = units_.emplace_back();
  known.unit = parse_unit(text);
  known.text = unit_texts_.add(text);
  unit_index_.insert(text, static_cast<uint32_t>(units_.size() - 1));
  return *(last_known_ = &known);
}

void Formula::forget_units() {
  units_.clear();
  last_currency_ = {};
  last_product_ = {};
  last_known_ = nullptr;
  unit_index_ = KeyIndex();
  unit_texts_.clear();
}

// Null, and the problem noted, when there is none or it is not known.
const Formula::KnownUnit* Formula::unit_of(Input quantity) {
  const Input in = inputs_.unit_of(quantity);
  const std::string_view text = cells_.text(in, row_);
  if (text.empty()) {
    fail(Gap::kMissingUnit, in);
    return nullptr;
  }
  const KnownUnit& known = unit(text);
  if (!known.unit) {
    fail(Gap::kUnknownUnit, in, text);
    return nullptr;
  }
  return &known;
}

Amount Formula::amount(Input in) {
  Amount out;
  out.value = number(in);
  if (failed()) return out;
  if (const Inputs::FixedUnit* const fixed = inputs_.fixed_unit(in); fixed != nullptr) {
    out.unit = fixed->unit;
    out.steps.given_unit = fixed->text;
  } else {
    const KnownUnit* const known = unit_of(in);
    if (known == nullptr) return out;
    out.unit = *known->unit;
    out.steps.given_unit = known->text;
  }
  if (const std::optional<Dimension> only = inputs_.only(in); only && *only != out.unit.dimension) {
    problem_.need.dimension = *only;
    fail(Gap::kUnitMismatch, inputs_.unit_of(in), out.steps.given_unit.view());
  }
  if (out.value < 0) {
    const bool goes_back =
        common_.spend != Input() && has(common_.spend) && cells_.number(common_.spend, row_) < 0;
    if (!goes_back) fail(Gap::kNegativeAmount, in);
  }
  out.steps.given = out.steps.net = out.value;
  return out;
}

// Rows mostly multiply the same two units.
Text Formula::product_text(Text a, Text b) {
  if (last_product_.a.data != a.data || last_product_.b.data != b.data) {
    const std::string text = std::string(a.view()) + " x " + std::string(b.view());
    last_product_ = {a, b, unit(text).text};
  }
  return last_product_.text;
}

Amount Formula::product(const Amount& a, const Amount& b) {
  Amount out = a;
  if (failed()) return out;
  const std::optional<Unit> unit = scope3::product(a.unit, b.unit);
  if (!unit) {
    fail(Gap::kUnitMismatch, {}, b.steps.given_unit.view());
    return out;
  }
  out.value = a.value * b.value;
  out.unit = *unit;
  out.steps.given = out.steps.net = a.steps.given * b.steps.given;
  out.steps.given_unit = product_text(a.steps.given_unit, b.steps.given_unit);
  out.steps.share = a.steps.share * b.steps.share;
  if (out.steps.conversion_unit.empty()) {
    out.steps.conversion = b.steps.conversion;
    out.steps.conversion_unit = b.steps.conversion_unit;
    out.steps.conversion_divides = b.steps.conversion_divides;
  }
  return out;
}

Amount Formula::in_dimension(const Amount& of, Dimension wanted, Input density) {
  Amount out = of;
  if (failed() || of.unit.dimension == wanted) return out;
  const bool to_mass = wanted == Dimension::kMass && of.unit.dimension == Dimension::kVolume;
  const bool to_volume = wanted == Dimension::kVolume && of.unit.dimension == Dimension::kMass;
  if (!to_mass && !to_volume) {
    problem_.need.dimension = wanted;
    fail(Gap::kUnitMismatch, {}, of.steps.given_unit.view());
    return out;
  }
  if (!has(density)) {
    fail(Gap::kMissingDensity, density, of.steps.given_unit.view());
    return out;
  }
  const double kg_per_litre = number(density);
  if (!(kg_per_litre > 0)) fail(Gap::kMissingDensity, density);
  static const Unit kKilogram = *parse_unit("kg");
  static const Unit kLitre = *parse_unit("l");
  static constexpr PaddedText kKilogramsPerLitre("kg/l");
  static constexpr PaddedText kLitresPerKilogram("l/kg");
  if (to_mass) {
    out.value = convert(of.value, of.unit, kLitre) * kg_per_litre;
    out.unit = kKilogram;
    out.convert_by(kg_per_litre, kKilogramsPerLitre);
  } else {
    out.value = convert(of.value, of.unit, kKilogram) / kg_per_litre;
    out.unit = kLitre;
    out.convert_by(1 / kg_per_litre, kLitresPerKilogram);
  }
  return out;
}

// --- Money.

Currency Formula::currency_of(Input money, Input otherwise) const {
  if (const Currency carried = inputs_.fixed_currency(money); carried != 0) return carried;
  for (const Input in : {otherwise, common_.currency})
    if (in != Input())
      if (const std::string_view text = cells_.text(in, row_); !text.empty())
        return parse_currency(text);
  return broker_.currency_for_all() ? broker_.currency() : 0;
}

void Formula::read_currency(Input in, Amount* money) {
  if (const Currency carried = inputs_.fixed_currency(in); carried != 0) {
    money->currency = carried;
    money->steps.given_unit = unit(currency_text(carried)).text;
    return;
  }
  const std::string_view text = cells_.text(common_.currency, row_);
  if (text.empty()) {
    const bool empty_cell = inputs_.present(common_.currency) && !broker_.currency_for_all();
    if (empty_cell || broker_.currency() == 0) return fail(Gap::kMissingCurrency, common_.currency);
  }
  // Neighbours mostly have the same.
  if (last_currency_.currency == 0 || last_currency_.text != text) {
    const Currency read = text.empty() ? broker_.currency() : parse_currency(text);
    if (read == 0) return fail(Gap::kUnknownCurrency, common_.currency, text);
    last_currency_ = {std::string(text), read, unit(currency_text(read)).text};
  }
  money->currency = last_currency_.currency;
  money->steps.given_unit = last_currency_.name;
}

double Formula::net_of_tax(double spend) {
  double net = spend;
  if (yes(common_.tax_included, broker_.tax_included())) {
    if (has(common_.tax_amount)) {
      net -= number(common_.tax_amount);
    } else {
      const double percent = number_or(common_.tax_percent, broker_.tax_percent());
      if (percent <= 0 && !has(common_.tax_percent)) fail(Gap::kMissingInput, common_.tax_percent);
      if (percent < 0) fail(Gap::kShareOutOfRange, common_.tax_percent);
      net = spend / (1 + percent / kPercent);
    }
  }
  return net - number_or(common_.recharge, 0);
}

PriceBasis Formula::price_basis() {
  const std::string_view text =
      has_price_basis_ ? cells_.text(common_.price_basis, row_) : std::string_view();
  if (text.empty()) return broker_.price_basis();
  const std::optional<PriceBasis> basis = parse_price_basis(text);
  if (!basis) fail(Gap::kUnknownWord, common_.price_basis, text);
  return basis.value_or(PriceBasis::kUnknown);
}

Amount Formula::money(Input in) {
  Amount out;
  out.unit = {Dimension::kMoney, 1};
  out.steps.given = number(in);
  if (failed()) return out;
  read_currency(in, &out);
  out.value = out.steps.net = has_tax_ ? net_of_tax(out.steps.given) : out.steps.given;
  return out;
}

bool Formula::bring_to(const Factor& factor, const Amount& money, Term* term) {
  Steps& steps = term->steps;
  const int32_t year = circumstances_.activity_year;
  term->amount = money.value;
  if (money.currency != factor.currency) {
    problem_.need.currency = factor.currency;
    const std::string_view given = steps.given_unit.view();
    std::optional<ExchangeRate> rate;
    if (!broker_.rates().given()) {
      fail(Gap::kCurrencyMismatch, common_.currency, given);
    } else if (year == 0) {
      fail(Gap::kMissingDate, common_.date);
    } else {
      rate = broker_.rates().find(money.currency, factor.currency, year,
                                  chunkmill::detail::civil_from_days(activity_day_).month,
                                  activity_day_);
      if (!rate) fail(Gap::kMissingRate, common_.currency, given);
    }
    if (!rate) return false;
    steps.exchange = rate->rate;
    steps.exchange_period = rate->period;
    if (rate->part_year) flags_ |= kRateOfPartYear;
    term->amount *= rate->rate;
  }
  // Of a factor per thousand or million of its currency.
  if (factor.per.size != 1) term->amount /= factor.per.size;
  if (year == 0 || factor.base_year == 0 || year == factor.base_year) return true;
  if (factor.prices == PriceIndex::kNoSeries) {
    flags_ |= kPriceYearDiffers;
    return true;
  }
  const std::optional<PriceRatio> ratio =
      broker_.prices().ratio(factor.prices, year, factor.base_year);
  if (!ratio) {
    fail(Gap::kMissingPriceIndex, common_.date);
    return false;
  }
  steps.price_ratio = ratio->ratio;
  steps.price_from = ratio->from;
  steps.price_to = ratio->to;
  if (ratio->carried) flags_ |= kIndexYearCarried;
  term->amount *= ratio->ratio;
  return true;
}

}  // namespace chunkmill::scope3
