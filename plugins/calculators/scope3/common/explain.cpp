// A result as a formula with its numbers: "1200 GBP x 1.25 USD/GBP (2021-03) = 1500 USD; 1500 USD x
// 0.8 kgCO2e/USD [steel-usd, eeio 1.0] = 1200 kgCO2e".
#include "chunkmill/format.hpp"
#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {
namespace {

void add(std::string* out, double value, Text unit = {}) {
  append_double(out, value);
  if (unit.empty()) return;
  *out += ' ';
  *out += unit.view();
}

void explain_term(const Term& term, NumberTexts& numbers, std::string* out) {
  const Steps& steps = term.steps;
  const Factor& factor = *term.factor;
  if (!term.label.empty()) {
    *out += term.label.view();
    *out += ": ";
  }
  const bool converted =
      steps.given != term.amount || steps.given_unit.view() != factor.denominator.view();
  if (converted && !steps.given_unit.empty()) {
    // What the row says is no factor of the product where only a part of it counts.
    if (steps.net != steps.given) {
      add(out, steps.given, steps.given_unit);
      *out += ", net ";
    }
    add(out, steps.net, steps.given_unit);
    if (steps.conversion == steps.conversion) {
      *out += steps.conversion_divides ? " / " : " x ";
      add(out, steps.conversion, steps.conversion_unit);
    }
    if (steps.share != 1) {
      *out += " x ";
      add(out, steps.share);
    }
    if (steps.exchange_period != 0) {
      *out += " x ";
      add(out, steps.exchange);
      *out += " (";
      *out += numbers.period(steps.exchange_period).view();
      *out += ")";
    }
    if (steps.price_from != 0) {
      *out += " x ";
      add(out, steps.price_ratio);
      *out += " (prices ";
      *out += numbers.years(steps.price_from, steps.price_to).view();
      *out += ")";
    }
    *out += " = ";
  }
  add(out, term.amount, factor.denominator);
  *out += " x ";
  add(out, factor.value, factor.unit);
  *out += " [";
  *out += factor.id.view();
  for (const Text text : {factor.texts->set, factor.texts->set_version}) {
    if (text.empty()) continue;
    *out += text.data == factor.texts->set.data ? ", " : " ";
    *out += text.view();
  }
  *out += "] = ";
  add(out, factor.emissions(term.amount));
  *out += " kgCO2e";
}

}  // namespace

void explain(const ResultWords& words, const Line& line, const std::vector<Part>& parts,
             NumberTexts& numbers, std::string* out) {
  if (line.term.factor == &kNoFactor) return;  // a rejected row
  *out += words.methods[line.method].view();
  *out += ": ";
  if (line.part_count <= 1) return explain_term(line.term, numbers, out);
  for (size_t i = line.first_part; i < line.first_part + line.part_count; ++i) {
    explain_term(parts[i].term, numbers, out);
    *out += "; ";
  }
  *out += "sum = ";
  add(out, line.term.kg_co2e);
  *out += " kgCO2e";
}

}  // namespace chunkmill::scope3
