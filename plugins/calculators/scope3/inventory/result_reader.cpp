#include "plugins/calculators/scope3/inventory/result_reader.hpp"

#include <algorithm>

#include "chunkmill/nearest.hpp"
#include "plugins/calculators/scope3/inventory/category_words.hpp"

namespace chunkmill::scope3 {
namespace {

struct FieldWords {
  std::string_view name;
  Type type = Type::kUtf8;
  bool needed = false;
};
constexpr std::array<FieldWords, kResultFields> kFields{{
    {"category", Type::kInt32, true},
    {"emissions_kgco2e", Type::kFloat64, true},
    {"id"},
    {"supplier"},
    {"country"},
    {"spend", Type::kFloat64},
    {"currency"},
    {"date"},
    {""},  // the inventory's column has no usual name
    {"kind"},
    {"method"},
    {"activity_amount", Type::kFloat64},
    {"activity_unit"},
    {"factor_id"},
    {"factor_set"},
    {"factor_set_version"},
    {"factor_unit"},
    {"price_basis"},
    {"match_level"},
    {"biogenic_co2_kg", Type::kFloat64},
    {"sdg95", Type::kFloat64},
    {"factor_sdg95", Type::kFloat64},
    {"activity_quality", Type::kFloat64},
    {"factor_quality", Type::kFloat64},
    {"flags"},
    {"pcaf_score", Type::kFloat64},
    {"outstanding", Type::kFloat64},
    {"optional_kgco2e", Type::kFloat64},
    {"input_rows", Type::kFloat64},
    {"gwp_set"},
    {"amount_net", Type::kFloat64},
    {"unit_given"},
    {"share", Type::kFloat64},
    {"fx_rate", Type::kFloat64},
    {"price_years"},
    {"boundary"},
    {"result_id"},
}};

// The option that names the column of a field; null where none does.
const std::optional<std::string>* named_by(const ResultNames& names, ResultField field) {
  switch (field) {
    case ResultField::kId:
      return &names.id;
    case ResultField::kSupplier:
      return &names.supplier;
    case ResultField::kCountry:
      return &names.country;
    case ResultField::kSpend:
      return &names.spend;
    case ResultField::kCurrency:
      return &names.currency;
    case ResultField::kDate:
      return &names.date;
    case ResultField::kOutstanding:
      return &names.outstanding;
    case ResultField::kInventory:
      return &names.inventory;
    default:
      return nullptr;
  }
}

}  // namespace

void ResultNames::configure(Options& opt) {
  opt.group(
      "columns", "columns of the results that have names of the job's own", [this](Options& in) {
        in.optional("id", id,
                    "what identifies a row of the ledger; default: id, where there is one");
        in.optional("supplier", supplier, "default: supplier, where there is one");
        in.optional("country", country, "of the activity; default: country, where there is one");
        in.optional("spend", spend,
                    "money spent, in `currency`; default: spend, where there is one");
        in.optional("currency", currency, "of the spend; default: currency, where there is one");
        in.optional("date", date, "of the activity; default: date, where there is one");
        in.optional("outstanding", outstanding,
                    "of financed emissions: the amount outstanding, in `currency`, which weighs "
                    "their PCAF scores; default: outstanding, where there is one");
        in.optional(
            "inventory", inventory,
            "which inventory a result belongs to: a column that the results and the job's rows "
            "both have; without it all results are of every row's inventory");
      });
}

bool ResultRow::has_flag(std::string_view flag) const {
  for (size_t at = flags.find(flag); at != flags.npos; at = flags.find(flag, at + 1)) {
    const size_t end = at + flag.size();
    if ((at == 0 || flags[at - 1] == ',') && (end == flags.size() || flags[end] == ','))
      return true;
  }
  return false;
}

ResultReader::ResultReader(const Host& host, const std::string& lookup, const ResultNames& names)
    : host_(host), lookup_(lookup) {
  const Schema there = host.lookup_stream(lookup).schema();
  Schema wanted;
  for (size_t i = 0; i < kResultFields; ++i) {
    columns_[i] = -1;
    const std::optional<std::string>* const named = named_by(names, static_cast<ResultField>(i));
    const bool by_job = named != nullptr && named->has_value();
    const std::string name = by_job ? **named : std::string(kFields[i].name);
    const int found = name.empty() ? -1 : there.find(name);
    if (found < 0) {
      if (!by_job && !kFields[i].needed) continue;
      const std::string near = nearest(name, there.names());
      throw Error(CM_INVALID, "lookup \"" + lookup + "\" has no column \"" + name + "\"" +
                                  (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
          .at(by_job ? "columns." + std::string(i == static_cast<size_t>(ResultField::kInventory)
                                                    ? "inventory"
                                                    : kFields[i].name)
                     : "results");
    }
    // One column may stand for two fields: the supplier's name for the id as well.
    Field field{name, kFields[i].type};
    if (const auto type = there[static_cast<size_t>(found)].type;
        i == static_cast<size_t>(ResultField::kDate) && type == Type::kDate32) {
      field.type = type;
      dates_are_days_ = true;
    }
    const int same = wanted.find(name);
    if (same >= 0 && wanted[static_cast<size_t>(same)].type != field.type)
      throw Error(CM_INVALID, "column \"" + name + "\" is used as a text and as a number")
          .at("columns");
    columns_[i] = same >= 0 ? same : static_cast<int>(wanted.size());
    if (same < 0) wanted.fields.push_back(std::move(field));
  }
  stream_ = host.lookup_stream(lookup, wanted);
}

void ResultReader::open(const ArrowArray& batch) {
  for (size_t i = 0; i < kResultFields; ++i)
    cells_[i] =
        columns_[i] < 0 ? ColumnRef() : ColumnRef(*batch.children[columns_[i]], batch.offset);
}

std::string_view ResultReader::text(ResultField field, int64_t row) const {
  const ColumnRef& cells = cells_[static_cast<size_t>(field)];
  if (cells.values == nullptr || cells.is_null(row)) return {};
  return ColumnView<std::string_view>(cells)[row];
}

double ResultReader::number(ResultField field, int64_t row) const {
  const ColumnRef& cells = cells_[static_cast<size_t>(field)];
  if (cells.values == nullptr || cells.is_null(row)) return NAN;
  return ColumnView<double>(cells)[row];
}

void ResultReader::lacks(std::string_view column, std::string_view why) const {
  throw Error(CM_INVALID, "lookup \"" + lookup_ + "\" has no number in \"" + std::string(column) +
                              "\", which says " + std::string(why) +
                              ": make the results with detail: standard or full, and keep it")
      .at("results");
}

ResultRow ResultReader::at(int64_t row) const {
  ResultRow out;
  const ColumnRef& category = cells_[static_cast<size_t>(ResultField::kCategory)];
  if (category.values != nullptr && !category.is_null(row)) {
    const int32_t number = ColumnView<int32_t>(category)[row];
    if (number >= 1 && number <= kCategories) out.category = number;
  }
  out.kg = number(ResultField::kEmissions, row);
  out.amount = number(ResultField::kAmount, row);
  out.biogenic_kg = number(ResultField::kBiogenic, row);
  out.spend = number(ResultField::kSpend, row);
  out.sdg95 = number(ResultField::kSdg95, row);
  out.factor_sdg95 = number(ResultField::kFactorSdg95, row);
  out.activity_quality = number(ResultField::kActivityQuality, row);
  out.factor_quality = number(ResultField::kFactorQuality, row);
  out.pcaf_score = number(ResultField::kPcafScore, row);
  out.outstanding = number(ResultField::kOutstanding, row);
  out.id = text(ResultField::kId, row);
  out.supplier = text(ResultField::kSupplier, row);
  out.country = text(ResultField::kCountry, row);
  out.currency = text(ResultField::kCurrency, row);
  out.inventory = text(ResultField::kInventory, row);
  out.kind = text(ResultField::kKind, row);
  out.method = text(ResultField::kMethod, row);
  out.unit = text(ResultField::kUnit, row);
  out.flags = text(ResultField::kFlags, row);
  out.match_level = text(ResultField::kMatchLevel, row);
  out.factor_id = text(ResultField::kFactorId, row);
  out.factor_set = text(ResultField::kFactorSet, row);
  out.factor_version = text(ResultField::kFactorVersion, row);
  out.factor_unit = text(ResultField::kFactorUnit, row);
  out.price_basis = text(ResultField::kPriceBasis, row);
  out.net = number(ResultField::kNet, row);
  out.share = number(ResultField::kShare, row);
  out.fx_rate = number(ResultField::kFxRate, row);
  out.gwp_set = text(ResultField::kGwpSet, row);
  out.unit_given = text(ResultField::kUnitGiven, row);
  out.price_years = text(ResultField::kPriceYears, row);
  out.boundary = text(ResultField::kBoundary, row);
  out.result_id = text(ResultField::kResultId, row);
  if (const double rows = number(ResultField::kInputRows, row); rows > 0)
    out.input_rows = static_cast<int64_t>(rows);
  if (out.has_flag("optional_part")) {
    out.optional_kg = number(ResultField::kOptional, row);
    if (!std::isfinite(out.optional_kg))
      lacks("optional_kgco2e", "how much of a result with the flag optional_part is optional");
    out.kg -= out.optional_kg;
  }
  if (dates_are_days_) {
    const ColumnRef& days = cells_[static_cast<size_t>(ResultField::kDate)];
    if (days.values != nullptr && !days.is_null(row))
      out.date = {static_cast<const char*>(days.values) + (row + days.offset) * 4, 4};
  } else {
    out.date = text(ResultField::kDate, row);
  }
  return out;
}

}  // namespace chunkmill::scope3
