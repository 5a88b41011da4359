// What a person is told of a row that no method can calculate: what is wrong, and what to do.
#include "plugins/calculators/scope3/common/countries.hpp"
#include "plugins/calculators/scope3/common/formula.hpp"

namespace chunkmill::scope3 {
namespace {

std::string with_hint(const std::string& message, std::string_view unit) {
  const std::string_view hint = ambiguous_unit(unit);
  return hint.empty() ? message : message + "; " + std::string(hint);
}

}  // namespace

std::string Formula::explain(const Problem& problem) const {
  const std::string column = inputs_.name(problem.input);
  const std::string name = in_quotes(column);
  switch (problem.gap) {
    case Gap::kNone:
      return {};
    case Gap::kNoData:
      return "the row has no data for any method";
    case Gap::kMissingInput:
      return column.empty()
                 ? "the method needs more data than the row or its group has"
                 : name + " is empty, which the method needs beside the row's other data";
    case Gap::kMissingId:
      return name + " is empty";
    case Gap::kDuplicateId:
      return "the row before has the same id";
    case Gap::kMissingCategory:
      return name + " is empty";
    case Gap::kUnknownCategory:
      return "category " + in_quotes(problem.text) + " is none of 1 to 15";
    case Gap::kOtherCategory:
      return "category " + in_quotes(problem.text) + " is another one's: use a `route`";
    case Gap::kMissingActivity:
      return in_quotes(column.empty() ? "activity" : column) +
             " is empty: without it no factor can be found";
    case Gap::kUnknownFactor:
      if (!problem.text.empty()) return broker_.names().explain_unknown(problem.text);
      return broker_.factors().explain(problem.gap, problem.code, problem.need, circumstances_);
    case Gap::kNoFactorForMethod:
    case Gap::kTiedFactors:
    case Gap::kFactorTooOld:
    case Gap::kRegionNotCovered:
    case Gap::kPriceBasisMismatch:
      return broker_.factors().explain(problem.gap, problem.code, problem.need, circumstances_);
    case Gap::kUnknownRegion: {
      const std::string near = nearest_country(problem.text);
      return "region " + in_quotes(problem.text) +
             " is not a country of ISO 3166, nor a region of a factor or of the `regions` "
             "lookup: " +
             (near.empty() ? "write a code like GB or US-CA, or leave it empty"
                           : "did you mean " + near + "?");
    }
    case Gap::kCurrencyMismatch:
      if (!problem.code.empty())
        return broker_.factors().explain(problem.gap, problem.code, problem.need, circumstances_);
      return "money in " + std::string(problem.text) + " for a factor in " +
             currency_text(problem.need.currency) + "; give `fx` to convert";
    case Gap::kUnitMismatch:
      if (!problem.code.empty())
        return broker_.factors().explain(problem.gap, problem.code, problem.need, circumstances_);
      return "unit " + in_quotes(problem.text) + " is of another dimension than what it is for";
    case Gap::kBoundaryMismatch:
      return "the row's factor covers " + in_quotes(problem.text) + ", not " +
             std::string(boundary_name(problem.need.boundary));
    case Gap::kNegativeFactor:
      return "the row's factor is negative: removals are not netted";
    case Gap::kUnverifiedFactor:
      return "the row's factor is not verified, and its emissions are above verify_above";
    case Gap::kNegativeAmount:
      return name + " is negative";
    case Gap::kMissingUnit:
      return name + " is empty: a quantity has a unit";
    case Gap::kUnknownUnit:
      return with_hint("unit " + in_quotes(problem.text) + " is not known", problem.text);
    case Gap::kMissingDensity:
      return "a density in kg/l is needed to bring " + in_quotes(problem.text) +
             " to mass or volume: give " + name;
    case Gap::kMissingCurrency:
      return "the spend has no currency; give `currency:` if all such rows are in one";
    case Gap::kUnknownCurrency:
      return in_quotes(problem.text) + " is not an ISO 4217 code like USD";
    case Gap::kMissingRate:
      return "there is no exchange rate from " + std::string(problem.text) + " to " +
             currency_text(problem.need.currency) + " for the row's " +
             (broker_.rates().period() == ExchangeRates::Period::kYear    ? "year"
              : broker_.rates().period() == ExchangeRates::Period::kMonth ? "month"
                                                                          : "day or the 7 before");
    case Gap::kMissingPriceIndex:
      return "the price index of the factor's sector has no value for the year of " + name;
    case Gap::kMissingDate:
      return name + " is empty: without it there is no exchange rate to take";
    case Gap::kShareOutOfRange:
      return name + " is not between 0 and 100 %";
    case Gap::kSharesNotWhole:
      return "the shares of its group do not add up to 100 %";
    case Gap::kGroupIncomplete:
      return "another row of its group cannot be calculated: the sum would lack it";
    case Gap::kUnknownGas:
      return "gas " + in_quotes(problem.text) +
             " has no warming potential here; give gwp_set, and a " + "`gwp` lookup that has it";
    case Gap::kUnknownWord:
      return in_quotes(problem.text) + " is no value of " + name;
    case Gap::kUnknownAirport:
      return in_quotes(problem.text) + " of " + name + " is not in the lookup of airports";
    case Gap::kValueCurrencyMismatch:
      return "the outstanding amount and what it is divided by, in " + std::string(problem.text) +
             ", are in different currencies: bring one to the other's first";
    case Gap::kValueDateMismatch:
      return name + " is not the day of the outstanding amount: both are of one day";
    case Gap::kNotFinite:
      return "an amount of the row is not a finite number";
    case Gap::kMixedKinds:
      return "the rows of its group are of lines that are reported apart (" +
             std::string(problem.text) + "): give each of them a group of its own";
    case Gap::kSpreadOutOfRange:
      return name + " is not a squared geometric deviation: a number of at least 1, like 1.2";
    case Gap::kOutOfScope:
      return problem.text.empty() ? "it is not in the scope of this category"
                                  : std::string(problem.text);
  }
  return {};
}

}  // namespace chunkmill::scope3
