#include "plugins/calculators/scope3/investments/investments.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr Boundaries kNeeded =
    Operations::kNeeded | bit(Boundary::kGateToGate) | bit(Boundary::kCradleToGate);
constexpr PaddedText kScope12("scope 1 and 2");
constexpr PaddedText kScope3("scope 3 of investee");
constexpr PaddedText kLifetime("project lifetime, scope 1 and 2");
constexpr PaddedText kWithLandUse("sovereign, with LULUCF");
constexpr PaddedText kWithoutLandUse("sovereign, without LULUCF");

// PCAF's scores, 1 to 5.
constexpr int kVerified = 1;
constexpr int kUnverified = 2;
constexpr int kPrimaryEnergy = 2;
constexpr int kPrimaryProduction = 3;
constexpr int kSectorRevenue = 4;
constexpr int kAssetOrTurnover = 5;

}  // namespace

Investments::Investments()
    : Category({kInfo, 15, kNeeded, kSpend, kMinimumIsCombustion, kKindsApart}) {}

void Investments::inputs(Inputs& in) {
  asset_class_ = in.text("asset_class", "equity, project, project_lifetime, or one of PCAF's");
  reported_ =
      in.quantity("reported_emissions", "of the investee, in a year", Dimension::kEmissions);
  verified_ = in.yes_no("reported_verified", "whether a third party verified them");
  scope_ = in.text("investee_scope", "which of its scopes they are: 12 or 3; default: 12");
  land_use_ = in.text("lulucf", "of sovereign debt: with or without land use");
  years_ = in.number("lifetime_years", "of project_lifetime: years that the project will run");
  sector_share_ = in.percent("sector_percent",
                             "of revenue in several sectors: the part in the row's `activity`; a "
                             "group's add up to 100");
  revenue_ = in.money("revenue", "of the investee or project in the year");
  construction_ = in.money("construction_cost", "of a project that is being built, in the year");
  quantity_ = in.quantity("quantity", "what the investee makes, in `unit`", std::nullopt, "unit");
  asset_quantity_ = in.quantity("assets", "floor area or number of what is financed");
  score_ = in.number("pcaf_score", "1 to 5, where it is not that of the method");
  operations_.declare(in);
  attribution_.declare(in);
}

std::vector<Method> Investments::methods() const {
  return {method<&Investments::investment_specific>("investment_specific", {reported_}),
          method<&Investments::project_specific>("project_specific", {reported_}),
          method<&Investments::physical_activity>("physical_activity", {}),
          method<&Investments::average_data>("average_data", {}),
          method<&Investments::asset_based>("asset_based", {asset_quantity_})};
}

void Investments::options(Options& opt) {
  operations_.options(opt);
  opt.choice("sector_factors", eeio_boundary_,
             {{"gate_to_gate", Boundary::kGateToGate}, {"cradle_to_gate", Boundary::kCradleToGate}},
             "which factors revenue is multiplied with: the sector's own scope 1 and 2, or, as the "
             "inventory must then declare, with its whole supply chain");
}

void Investments::hash_options(Hasher& hasher) const {
  operations_.hash(hasher);
  hasher.add(static_cast<uint64_t>(eeio_boundary_));
}

AssetClass Investments::asset_class(Formula& f) const {
  const std::string_view text = f.text_or(asset_class_, {});
  for (size_t i = 0; i < std::size(kAssetClasses); ++i)
    if (text == kAssetClasses[i]) return static_cast<AssetClass>(i);
  if (text.empty()) {
    f.fail(Gap::kMissingInput, asset_class_);
  } else {
    f.fail(Gap::kUnknownWord, asset_class_, text);
  }
  return AssetClass::kUnknown;
}

bool Investments::of_scope_3(Formula& f) const {
  const std::string_view text = f.text_or(scope_, "12");
  if (text != "12" && text != "3") f.fail(Gap::kUnknownWord, scope_, text);
  return text == "3";
}

double Investments::scale(Formula& f, AssetClass asset) const {
  double out = attribution_.of(f, asset);
  f.kind(kScope12);
  if (of_scope_3(f)) {
    f.kind(kScope3);
    f.optional();
  }
  if (asset == AssetClass::kProjectLifetime) {
    out *= not_negative(f, years_);
    f.kind(kLifetime);
    f.optional();
    f.flag(kScaled);
  }
  if (asset == AssetClass::kSovereignDebt) {
    const std::string_view land_use = f.text(land_use_);
    if (land_use != "with" && land_use != "without") f.fail(Gap::kUnknownWord, land_use_, land_use);
    f.kind(land_use == "with" ? kWithLandUse : kWithoutLandUse);
  }
  return out;
}

void Investments::score(Formula& f, AssetClass asset, int usual) const {
  if (!is_pcaf(asset)) return;
  const double given = f.number_or(score_, usual);
  for (int one = kVerified; one <= kAssetOrTurnover; ++one)
    if (given == one) return f.pcaf_score(one);
  f.fail(Gap::kUnknownWord, score_, "a score that is none of 1 to 5");
}

void Investments::add_reported(Formula& f, AssetClass asset) const {
  const Amount reported = f.amount(reported_);
  f.add_given(reported.share(scale(f, asset)));
  score(f, asset, f.yes(verified_, false) ? kVerified : kUnverified);
}

void Investments::investment_specific(Formula& f) const {
  const AssetClass asset = asset_class(f);
  if (asset == AssetClass::kProject || asset == AssetClass::kProjectLifetime)
    return f.fail(Gap::kNoData);
  add_reported(f, asset);
}

void Investments::project_specific(Formula& f) const {
  const AssetClass asset = asset_class(f);
  if (asset != AssetClass::kProject && asset != AssetClass::kProjectLifetime)
    return f.fail(Gap::kNoData);
  add_reported(f, asset);
}

void Investments::physical_activity(Formula& f) const {
  const bool energy = operations_.any(f);
  if (!energy && !f.has(quantity_)) return;
  const AssetClass asset = asset_class(f);
  if (of_scope_3(f)) return f.fail(Gap::kNoData);
  const double share = scale(f, asset);
  if (energy) {
    operations_.add(f, share);
  } else {
    const Amount made = f.amount(quantity_).share(share);
    f.add(made, f.factor(f.activity(), Boundary::kGateToGate, made));
  }
  score(f, asset, energy ? kPrimaryEnergy : kPrimaryProduction);
}

void Investments::average_data(Formula& f) const {
  const bool construction = f.has(construction_);
  if (!construction && !f.has(revenue_)) return;
  const AssetClass asset = asset_class(f);
  // The sector's factor says nothing of the investee's scope 3 alone.
  if (of_scope_3(f)) return f.fail(Gap::kNoData);
  const bool project = asset == AssetClass::kProject || asset == AssetClass::kProjectFinance;
  if (construction && !project)
    f.fail(Gap::kOutOfScope, construction_, "only a project has a construction cost");
  const Amount money = f.money(construction ? construction_ : revenue_);
  if (money.value < 0) f.fail(Gap::kNegativeAmount, construction ? construction_ : revenue_);
  const double sector = f.has(sector_share_) ? f.percent_of_group(sector_share_) : 1;
  f.add_spend(money.share(scale(f, asset) * sector), f.activity(), eeio_boundary_);
  score(f, asset, kSectorRevenue);
}

void Investments::asset_based(Formula& f) const {
  const AssetClass asset = asset_class(f);
  if (of_scope_3(f)) return f.fail(Gap::kNoData);
  const Amount assets = f.amount(asset_quantity_).share(scale(f, asset));
  operations_.add_site(f, assets, f.activity());
  score(f, asset, kAssetOrTurnover);
}

}  // namespace chunkmill::scope3
