#include "plugins/calculators/scope3/common/parts.hpp"

namespace chunkmill::scope3 {

void PartColumns::declare(Columns& columns) {
  stream_ = columns.streams().size();
  Stream& stream = columns.stream("parts");
  result_id_ = stream.out<std::string_view>("result_id");
  part_ = stream.out<int32_t>("part");
  row_id_ = stream.out<std::string_view>("row_id");
  label_ = stream.out<std::string_view>("label");
  optional_ = stream.out<bool>("optional");
  given_ = stream.out<double>("amount_given");
  unit_given_ = stream.out<std::string_view>("unit_given");
  net_ = stream.out<double>("amount_net");
  conversion_ = stream.out<double>("conversion");
  conversion_unit_ = stream.out<std::string_view>("conversion_unit");
  fx_rate_ = stream.out<double>("fx_rate");
  fx_period_ = stream.out<std::string_view>("fx_period");
  price_ratio_ = stream.out<double>("price_ratio");
  price_years_ = stream.out<std::string_view>("price_years");
  share_ = stream.out<double>("share");
  amount_ = stream.out<double>("activity_amount");
  unit_ = stream.out<std::string_view>("activity_unit");
  factor_id_ = stream.out<std::string_view>("factor_id");
  set_ = stream.out<std::string_view>("factor_set");
  set_version_ = stream.out<std::string_view>("factor_set_version");
  value_ = stream.out<double>("factor_value");
  factor_unit_ = stream.out<std::string_view>("factor_unit");
  boundary_ = stream.out<std::string_view>("boundary");
  gwp_set_ = stream.out<std::string_view>("gwp_set");
  hash_ = stream.out<std::string_view>("factor_hash");
  match_ = stream.out<std::string_view>("match_level");
  kg_ = stream.out<double>("emissions_kgco2e", "kgCO2e");
  biogenic_ = stream.out<double>("biogenic_co2_kg", "kg");
  sdg95_ = stream.out<double>("sdg95");
  factor_sdg95_ = stream.out<double>("factor_sdg95");
}

void PartColumns::write_steps(const Term& term, ResultScratch& scratch, Outputs& out) const {
  const Steps& steps = term.steps;
  out[given_].append(steps.given);
  out[unit_given_].append(steps.given_unit.view());
  out[net_].append(steps.net);
  if (steps.conversion == steps.conversion) {
    out[conversion_].append(steps.conversion);
  } else {
    out[conversion_].append_null();
  }
  out[conversion_unit_].append(steps.conversion_unit.view());
  out[fx_rate_].append(steps.exchange);
  out[fx_period_].append(scratch.numbers.period(steps.exchange_period).view());
  out[price_ratio_].append(steps.price_ratio);
  out[price_years_].append(scratch.numbers.years(steps.price_from, steps.price_to).view());
  out[share_].append(steps.share);
}

void PartColumns::write_factor(const Term& term, Outputs& out) const {
  const Factor& factor = *term.factor;
  out[amount_].append(term.amount);
  out[unit_].append(factor.denominator.view());
  out[factor_id_].append(factor.id.view());
  out[set_].append(factor.texts->set.view());
  out[set_version_].append(factor.texts->set_version.view());
  out[value_].append(factor.value);
  out[factor_unit_].append(factor.unit.view());
  out[boundary_].append(factor.texts->boundary.view());
  out[gwp_set_].append(factor.texts->gwp_set.view());
  char hash[kHexSize];
  write_hex(factor.hash, hash);
  out[hash_].append(std::string_view(hash, kHexSize));
  out[match_].append(match_text(term).view());
}

void PartColumns::write(const Line& line, uint64_t id, const std::vector<Part>& parts,
                        const Rows& rows, ResultScratch& scratch, Outputs& out) const {
  char digits[kHexSize];
  write_hex(id, digits);
  for (size_t i = 0; i < line.part_count; ++i) {
    const Part& part = parts[line.first_part + i];
    const Term& term = part.term;
    out.parent(stream_, part.row);
    out[result_id_].append(std::string_view(digits, kHexSize));
    out[part_].append(static_cast<int32_t>(i + 1));
    scratch.explained.clear();
    if (rows.carried != nullptr)
      rows.carried->append_text(rows.batch, 0, part.row, &scratch.explained);
    out[row_id_].append(std::string_view(scratch.explained));
    out[label_].append(term.label.view());
    out[optional_].append(term.optional);
    write_steps(term, scratch, out);
    write_factor(term, out);
    out[kg_].append(term.kg_co2e);
    out[biogenic_].append(term.biogenic_kg);
    out[sdg95_].append(sdg95(term.variance));
    out[factor_sdg95_].append(sdg95(term.factor_variance));
  }
}

}  // namespace chunkmill::scope3
