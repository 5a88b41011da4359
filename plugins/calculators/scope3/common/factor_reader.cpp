#include "plugins/calculators/scope3/common/factor_reader.hpp"

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr int kNotThere = -1;

// What published tables write where they have no number.
bool not_available(std::string_view value) {
  return value.empty() || value == "NA" || value == "N/A" || value == "na";
}

}  // namespace

FactorReader::FactorReader(const FactorSource& source, const Schema& schema) : source_(source) {
  for (size_t i = 0; i < kFactorFields; ++i) {
    const auto field = static_cast<FactorField>(i);
    const std::string_view name = kFactorFieldNames[i];
    const bool must =
        source.columns[i] || field == FactorField::kActivityCode || field == FactorField::kValue;
    columns_[i] = !must ? schema.find(name)
                        : static_cast<int>(find_column(
                              schema, source.lookup.value,
                              source.columns[i] ? std::string_view(*source.columns[i]) : name,
                              "factor_columns." + std::string(name)));
  }
}

bool FactorReader::read(const Batch& batch, int64_t row, int64_t number, TextArena* texts,
                        Factor* out) {
  number_ = number;
  for (size_t i = 0; i < kFactorFields; ++i) {
    cells_[i] = columns_[i] == kNotThere ? std::string()
                                         : cell_text(batch, static_cast<size_t>(columns_[i]), row);
    if (cells_[i].empty()) cells_[i] = source_.defaults[i];
  }
  const std::string& value = cell(FactorField::kValue);
  if (not_available(value)) return false;
  if (cell(FactorField::kActivityCode).empty()) fault("it has no activity_code");
  if (parse_double(value, &out->value) != ParseFault::kNone)
    fault("value \"" + value + "\" is not a number");
  if (out->value < 0)
    fault("value " + value + " is negative: avoided emissions do not belong into this sum");
  read_unit(out, texts);
  read_boundary(out);
  out->set = texts->intern(cell(FactorField::kSet));
  out->set_version = texts->intern(cell(FactorField::kSetVersion));
  out->activity_code = texts->intern(cell(FactorField::kActivityCode));
  out->activity = texts->intern(cell(FactorField::kActivity));
  out->region_text = texts->intern(cell(FactorField::kRegion));
  out->region = region_key(cell(FactorField::kRegion));
  out->boundary_text = texts->intern(boundary_name(out->boundary));
  out->gwp_set = texts->intern(cell(FactorField::kGwpSet));
  out->source = texts->intern(cell(FactorField::kSource));
  out->id = texts->intern(identity(*out));
  out->hash = hash_of(*out);
  char digits[16];
  write_hex(out->hash, digits);
  out->hash_text = texts->add({digits, sizeof digits});
  return true;
}

void FactorReader::fault(const std::string& what) const {
  throw Error(CM_INVALID, "lookup \"" + source_.lookup.value + "\", record " +
                              std::to_string(number_) + ": " + what)
      .at("factors");
}

// The unit's text may hold currency, year and price basis as well: whoever says it twice must say
// the same.
void FactorReader::read_unit(Factor* out, TextArena* texts) const {
  const std::string& text = cell(FactorField::kUnit);
  if (text.empty())
    fault("it has no unit; give factor_columns.unit, or factor_defaults.unit: kgCO2e/USD");
  std::string why;
  const std::optional<FactorUnit> unit = parse_factor_unit(text, &why);
  if (!unit) fault(why);
  out->per = unit->per;
  out->kilograms = unit->kilograms;
  out->in_grams = unit->in_grams;
  out->currency = unit->currency;
  out->unit = texts->intern(text);
  out->denominator = texts->intern(unit->denominator);
  read_year(unit->year, out);
  if (!out->of_money()) return;
  const std::string& currency = cell(FactorField::kCurrency);
  if (!currency.empty() && parse_currency(currency) != out->currency)
    fault("its unit says " + unit->denominator + ", its currency " + currency);
  const std::string& basis = cell(FactorField::kPriceBasis);
  if (!unit->price_basis.empty() && !basis.empty() && unit->price_basis != basis)
    fault("its unit says " + unit->price_basis + " price, its price_basis " + basis);
  out->price_basis = texts->intern(basis.empty() ? unit->price_basis : basis);
}

void FactorReader::read_year(int year_of_unit, Factor* out) const {
  out->year = year_of_unit;
  const std::string& text = cell(FactorField::kYear);
  if (text.empty()) return;
  if (parse_int32(text, &out->year) != ParseFault::kNone || out->year < 1900 || out->year > 2200)
    fault("year \"" + text + "\" is not a year");
  if (year_of_unit != 0 && year_of_unit != out->year)
    fault("its unit says " + std::to_string(year_of_unit) + ", its year " + text);
}

void FactorReader::read_boundary(Factor* out) const {
  const std::string& text = cell(FactorField::kBoundary);
  if (text.empty())
    fault("it has no boundary; give factor_defaults.boundary, for example cradle_to_gate");
  const std::optional<Boundary> boundary = parse_boundary(text);
  if (!boundary)
    fault("boundary \"" + text + "\" is none of combustion, upstream, life_cycle, " +
          "cradle_to_gate, gate_to_gate, end_of_life");
  out->boundary = *boundary;
}

// Published files without ids get one that names set, version and code.
std::string FactorReader::identity(const Factor& factor) const {
  if (const std::string& id = cell(FactorField::kFactorId); !id.empty()) return id;
  std::string id;
  for (const Text part : {factor.set, factor.set_version, factor.activity_code}) {
    if (part.empty()) continue;
    if (!id.empty()) id += ':';
    id += part.view();
  }
  return id;
}

}  // namespace chunkmill::scope3
