#include "plugins/calculators/scope3/common/factor_reader.hpp"

#include <cmath>

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/gwp.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr int kNotThere = -1;

// What published tables write where they have no number.
bool not_available(std::string_view value) {
  return value.empty() || value == "NA" || value == "N/A" || value == "na";
}

bool same(const FactorTexts& a, const FactorTexts& b) {
  const auto list = [](const FactorTexts& t) {
    return std::array{t.set.data,      t.set_version.data, t.region.data, t.price_basis.data,
                      t.boundary.data, t.gwp_set.data,     t.source.data, t.attribution.data};
  };
  return list(a) == list(b);  // interned: the same text is the same place
}

}  // namespace

const FactorTexts* FactorMemory::keep(const FactorTexts& one) {
  // Records of one set follow each other.
  constexpr size_t kLookBack = 8;
  for (size_t i = 0; i < std::min(kLookBack, shared.size()); ++i)
    if (const FactorTexts& before = shared[shared.size() - 1 - i]; same(before, one))
      return &before;
  return &shared.emplace_back(one);
}

FactorReader::FactorReader(std::string_view lookup, const FactorShape& shape, const Schema& schema,
                           Boundaries usable, Regions* regions, FactorMemory* memory)
    : lookup_(lookup), shape_(shape), usable_(usable), regions_(regions), memory_(memory) {
  for (size_t i = 0; i < kFactorFields; ++i) {
    const auto field = static_cast<FactorField>(i);
    const std::string_view name = kFactorFieldWords[i].name;
    const bool must =
        shape.columns[i] || field == FactorField::kActivityCode || field == FactorField::kValue;
    columns_[i] =
        !must ? schema.find(name)
              : static_cast<int>(find_column(
                    schema, lookup_, shape.columns[i] ? std::string_view(*shape.columns[i]) : name,
                    "factor_columns." + std::string(name)));
  }
}

void FactorReader::read_field(FactorField field, const Batch& batch, int64_t row) {
  const auto i = static_cast<size_t>(field);
  if (columns_[i] == kNotThere) {
    cells_[i].clear();
  } else {
    read_cell(batch, static_cast<size_t>(columns_[i]), row, &cells_[i]);
  }
  if (cells_[i].empty()) cells_[i] = shape_.defaults[i];
}

// Most cells say what the record before said.
Text FactorReader::stored(FactorField field) {
  Text& before = stored_[static_cast<size_t>(field)];
  if (before.view() != cell(field)) before = memory_->texts.intern(cell(field));
  return before;
}

FactorRead FactorReader::read(const Batch& batch, int64_t row, int64_t number, FactorRecord* out) {
  number_ = number;
  read_field(FactorField::kValue, batch, row);
  const std::string& value = cell(FactorField::kValue);
  if (not_available(value)) return FactorRead::kNoValue;
  Factor& factor = out->factor;
  read_field(FactorField::kBoundary, batch, row);
  read_boundary(&factor);
  if ((usable_ & bit(factor.boundary)) == 0) return FactorRead::kOtherBoundary;
  for (size_t i = 0; i < kFactorFields; ++i) {
    const auto field = static_cast<FactorField>(i);
    if (field != FactorField::kValue && field != FactorField::kBoundary)
      read_field(field, batch, row);
  }
  out->number = number;
  if (cell(FactorField::kActivityCode).empty()) fault("it has no activity_code");
  if (parse_double(value, &factor.value) != ParseFault::kNone || !std::isfinite(factor.value))
    fault("value \"" + value + "\" is not a number");
  if (factor.value < 0)
    fault("value " + value + " is negative: avoided emissions do not belong into this sum");
  TextArena& texts = memory_->texts;
  texts_ = {};
  read_unit(out);
  read_quality(&factor);
  factor.valid_from = read_day(FactorField::kValidFrom, false);
  factor.valid_to = read_day(FactorField::kValidTo, true);
  factor.biogenic_co2 = read_number(FactorField::kBiogenicCo2, 0);
  out->parent = stored(FactorField::kParent);
  out->system = stored(FactorField::kActivitySystem);
  out->price_code = stored(FactorField::kPriceCode);
  out->forcing = stored(FactorField::kRadiativeForcing);
  texts_.set = stored(FactorField::kSet);
  texts_.set_version = stored(FactorField::kSetVersion);
  texts_.region = stored(FactorField::kRegion);
  texts_.boundary = texts.intern(boundary_name(factor.boundary));
  texts_.gwp_set = stored(FactorField::kGwpSet);
  texts_.source = stored(FactorField::kSource);
  const std::string& licence = cell(FactorField::kLicence);
  const std::string& attribution = cell(FactorField::kAttribution);
  texts_.attribution =
      texts.intern(licence + (licence.empty() || attribution.empty() ? "" : "; ") + attribution);
  factor.texts = memory_->keep(texts_);
  factor.activity_code = stored(FactorField::kActivityCode);
  factor.region = regions_->key(cell(FactorField::kRegion));
  std::string technology = cell(FactorField::kTechnology);
  if (!out->forcing.empty())
    technology += (technology.empty() ? "" : ", ") + std::string(out->forcing.view()) + " RF";
  factor.technology = technology_key(cell(FactorField::kTechnology));
  factor.technology_text = texts.intern(technology);
  factor.id = texts.intern(identity(factor));
  return FactorRead::kRecord;
}

void FactorReader::fault(const std::string& what) const {
  throw Error(CM_INVALID,
              "lookup \"" + lookup_ + "\", record " + std::to_string(number_) + ": " + what)
      .at("factors");
}

// The unit's text may hold gas, currency, year and price basis as well: whoever says it twice must
// say the same.
void FactorReader::read_unit(FactorRecord* out) {
  const std::string& text = cell(FactorField::kUnit);
  if (text.empty())
    fault("it has no unit; give factor_columns.unit, or factor_defaults.unit: kgCO2e/USD");
  if (!unit_ || text != unit_text_) {
    std::string why;
    unit_ = parse_factor_unit(text, &why);
    if (!unit_) fault(why);
    unit_text_ = text;
  }
  const std::optional<FactorUnit>& unit = unit_;
  const std::string& gas = cell(FactorField::kGas);
  out->gas = memory_->texts.intern(gas_name(gas.empty() ? unit->gas : gas));
  if (!gas.empty() && !unit->gas.empty() && gas_name(unit->gas) != out->gas.view())
    fault("its unit says " + unit->gas + ", its gas " + gas);
  out->gas_as_co2e = unit->co2e;
  if (out->gas.empty() && !unit->co2e)
    fault("its unit \"" + text + "\" does not say of which gas; give factor_columns.gas");
  Factor& factor = out->factor;
  factor.per = unit->per;
  factor.kilograms = unit->kilograms;
  factor.in_grams = unit->in_grams;
  factor.currency = unit->currency;
  factor.unit = stored(FactorField::kUnit);
  factor.denominator = memory_->texts.intern(unit->denominator);
  read_years(unit->year, &factor);
  if (factor.of_money()) read_money(*unit, &factor);
}

void FactorReader::read_money(const FactorUnit& unit, Factor* out) {
  const std::string& currency = cell(FactorField::kCurrency);
  if (!currency.empty() && parse_currency(currency) != out->currency)
    fault("its unit says " + unit.denominator + ", its currency " + currency);
  const std::string& basis = cell(FactorField::kPriceBasis);
  if (!unit.price_basis.empty() && !basis.empty() && unit.price_basis != basis)
    fault("its unit says " + unit.price_basis + " price, its price_basis " + basis);
  const std::string& said = basis.empty() ? unit.price_basis : basis;
  const std::optional<PriceBasis> known = parse_price_basis(said);
  if (!known) fault("price_basis \"" + said + "\" is none of purchaser, producer, basic");
  out->price_basis = *known;
  texts_.price_basis = memory_->texts.intern(said);
}

void FactorReader::read_years(int year_of_unit, Factor* out) const {
  const auto year = [&](FactorField field, int32_t otherwise) {
    const std::string& text = cell(field);
    if (text.empty()) return otherwise;
    int32_t out_year = 0;
    if (parse_int32(text, &out_year) != ParseFault::kNone || out_year < 1900 || out_year > 2200)
      fault(std::string(factor_field(field)) + " \"" + text + "\" is not a year");
    return out_year;
  };
  out->year = year(FactorField::kYear, year_of_unit);
  out->base_year = year(FactorField::kBaseYear, year_of_unit != 0 ? year_of_unit : out->year);
  const bool said_apart = !cell(FactorField::kBaseYear).empty();
  if (year_of_unit != 0 && year_of_unit != (said_apart ? out->base_year : out->year))
    fault("its unit says " + std::to_string(year_of_unit) + ", its " +
          (said_apart ? "base_year " + cell(FactorField::kBaseYear)
                      : "year " + cell(FactorField::kYear)));
}

// "2024-04-01" or "2024", whose last day is the 31st of December.
int32_t FactorReader::read_day(FactorField field, bool last) const {
  const std::string& text = cell(field);
  if (text.empty()) return last ? INT32_MAX : INT32_MIN;
  int32_t value = 0;
  if (text.size() == 4 && parse_int32(text, &value) == ParseFault::kNone)
    return chunkmill::detail::days_from_civil(value, last ? 12 : 1, last ? 31 : 1);
  if (parse_date32(text, &value) != ParseFault::kNone)
    fault(std::string(factor_field(field)) + " \"" + text + "\" is neither a day nor a year");
  return value;
}

void FactorReader::read_boundary(Factor* out) const {
  const std::string& text = cell(FactorField::kBoundary);
  if (text.empty())
    fault("it has no boundary; give factor_defaults.boundary, for example cradle_to_gate");
  const std::optional<Boundary> boundary = parse_boundary(text);
  if (!boundary) {
    std::string names;
    for (size_t i = 0; i < kBoundaries; ++i)
      names += (i == 0 ? "" : ", ") + std::string(boundary_name(static_cast<Boundary>(i)));
    fault("boundary \"" + text + "\" is none of " + names);
  }
  out->boundary = *boundary;
}

void FactorReader::read_quality(Factor* out) const {
  const std::string& text = cell(FactorField::kQuality);
  if (!text.empty()) {
    const std::optional<Quality> quality = parse_quality(text, out->quality);
    if (!quality) fault("quality \"" + text + "\" is not five scores like 2,3,1,1,2");
    out->quality = *quality;
  }
  const double sdg95 = read_number(FactorField::kSdg95, 0);
  if (sdg95 == 0) return;
  if (sdg95 < 1) fault("sdg95 " + cell(FactorField::kSdg95) + " is below 1");
  out->variance = std::log(sdg95) * std::log(sdg95);
}

double FactorReader::read_number(FactorField field, double otherwise) const {
  const std::string& text = cell(field);
  if (not_available(text)) return otherwise;
  double value = 0;
  if (parse_double(text, &value) != ParseFault::kNone || !std::isfinite(value) || value < 0)
    fault(std::string(factor_field(field)) + " \"" + text + "\" is not a number of 0 or more");
  return value;
}

// Published files without ids get one that names set, version and code, and of factors of things
// also the unit and the boundary: the same fuel has several.
std::string FactorReader::identity(const Factor& factor) const {
  if (const std::string& id = cell(FactorField::kFactorId); !id.empty()) return id;
  std::string id;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!id.empty()) id += ':';
    id += part;
  };
  add(cell(FactorField::kSet));
  add(cell(FactorField::kSetVersion));
  add(factor.activity_code.view());
  add(factor.technology_text.view());
  if (!factor.of_money()) add(factor.denominator.view());
  if (factor.boundary != Boundary::kCradleToGate) add(boundary_name(factor.boundary));
  return id;
}

}  // namespace chunkmill::scope3
