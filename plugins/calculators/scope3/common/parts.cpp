#include "plugins/calculators/scope3/common/parts.hpp"

namespace chunkmill::scope3 {

void PartColumns::declare(Columns& columns) {
  stream_ = columns.streams().size();
  Stream& stream = columns.stream("parts");
  result_id_ = stream.out<std::string_view>("result_id");
  part_ = stream.out<int32_t>("part");
  label_ = stream.out<std::string_view>("label");
  amount_ = stream.out<double>("activity_amount");
  unit_ = stream.out<std::string_view>("activity_unit");
  factor_id_ = stream.out<std::string_view>("factor_id");
  set_ = stream.out<std::string_view>("factor_set");
  set_version_ = stream.out<std::string_view>("factor_set_version");
  value_ = stream.out<double>("factor_value");
  factor_unit_ = stream.out<std::string_view>("factor_unit");
  hash_ = stream.out<std::string_view>("factor_hash");
  match_ = stream.out<std::string_view>("match_level");
  share_ = stream.out<double>("share");
  kg_ = stream.out<double>("emissions_kgco2e", "kgCO2e");
  biogenic_ = stream.out<double>("biogenic_co2_kg", "kg");
  sdg95_ = stream.out<double>("sdg95");
}

void PartColumns::write(const Line& line, uint64_t id, const std::vector<Part>& parts,
                        Outputs& out) const {
  char digits[kHexSize];
  write_hex(id, digits);
  for (size_t i = 0; i < line.part_count; ++i) {
    const Part& part = parts[line.first_part + i];
    const Term& term = part.term;
    const Factor& factor = *term.factor;
    out.parent(stream_, part.row);
    out[result_id_].append(std::string_view(digits, kHexSize));
    out[part_].append(static_cast<int32_t>(i + 1));
    out[label_].append(term.label.view());
    out[amount_].append(term.amount);
    out[unit_].append(factor.denominator.view());
    out[factor_id_].append(factor.id.view());
    out[set_].append(factor.texts->set.view());
    out[set_version_].append(factor.texts->set_version.view());
    out[value_].append(factor.value);
    out[factor_unit_].append(factor.unit.view());
    char hash[kHexSize];
    write_hex(factor.hash, hash);
    out[hash_].append(std::string_view(hash, kHexSize));
    out[match_].append(match_text(term).view());
    out[share_].append(term.steps.share);
    out[kg_].append(term.kg_co2e);
    out[biogenic_].append(term.biogenic_kg);
    out[sdg95_].append(sdg95(term.variance));
  }
}

}  // namespace chunkmill::scope3
