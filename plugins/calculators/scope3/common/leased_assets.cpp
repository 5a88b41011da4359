#include "plugins/calculators/scope3/common/leased_assets.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kMonths = 12;
}  // namespace

LeasedAssets::LeasedAssets(const Info& info, int32_t number, Partner partner)
    : Category({info, number, Operations::kNeeded, kNoSpend, kMinimumIsCombustion}),
      partner_(partner) {}

void LeasedAssets::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "floor area, or number of assets", std::nullopt, "unit");
  months_ = in.number("lease_months", "months of the year under lease; default: all of it");
  partner_scopes_ =
      partner_ == Partner::kLessor
          ? in.quantity("lessor_scope12", "scope 1 and 2 of the lessor", Dimension::kEmissions)
          : in.quantity("lessee_scope12", "scope 1 and 2 of the lessee", Dimension::kEmissions);
  in_own_scopes_ = in.yes_no("in_own_scopes", "whether our own scope 1 and 2 have the asset");
  operations_.declare(in);
  share_.declare(in, "of the building's energy or of the other's emissions");
}

std::vector<Method> LeasedAssets::methods() const {
  return {
      method<&LeasedAssets::asset_specific>("asset_specific", {}),
      method<&LeasedAssets::partner_specific>(
          partner_ == Partner::kLessor ? "lessor_specific" : "lessee_specific", {partner_scopes_}),
      method<&LeasedAssets::average_data>("average_data", {quantity_})};
}

// The consolidation approach decides, and an asset is in one place only.
bool LeasedAssets::right_scope(Formula& f) const {
  if (f.yes(in_own_scopes_, false))
    f.fail(Gap::kOutOfScope, in_own_scopes_, "the asset is in our own scope 1 and 2");
  return !f.failed();
}

double LeasedAssets::part_of_year(Formula& f) const {
  if (!f.has(months_)) return 1;
  const double months = f.number(months_);
  if (months < 0 || months > kMonths) f.fail(Gap::kShareOutOfRange, months_);
  if (months < kMonths) f.flag(kScaled);
  return months / kMonths;
}

void LeasedAssets::asset_specific(Formula& f) const {
  if (!right_scope(f)) return;
  if (f.has_own_factor() && f.has(quantity_))
    return operations_.add_own(f, f.amount(quantity_).share(part_of_year(f)), quantity_);
  if (!operations_.any(f)) return;
  // What is metered for us is of the lease already; the whole building's is of the year.
  operations_.add(f, share_.given(f) ? share_.of(f) * part_of_year(f) : 1);
}

void LeasedAssets::partner_specific(Formula& f) const {
  if (!right_scope(f)) return;
  const Amount scopes = f.amount(partner_scopes_);
  f.add_given(scopes.share(share_.of(f) * part_of_year(f)));
}

void LeasedAssets::average_data(Formula& f) const {
  if (!right_scope(f)) return;
  const Amount quantity = f.amount(quantity_).share(part_of_year(f));
  operations_.add_site(f, quantity, f.activity());
}

}  // namespace chunkmill::scope3
