// GHG Protocol Scope 3 category 11: use of the products that we sold, over their whole life, in the
// year of sale. Numbers in brackets are those of the Technical Guidance (2013).
//
// Which formula a product has does not depend on the data at hand, but on what it is: the column
// `use`, or the job. Indirect use is optional and stands apart by its kind and flag. Factors are
// those of the year and the region of the row, today's grid, unless the row says a scenario's code.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

class UseOfSoldProducts : public Category {
 public:
  static constexpr Info kInfo{"scope3.use_of_sold_products", "1.0.0",
                              "GHG Protocol Scope 3 category 11: use of sold products",
                              CM_CALCULATOR_PURE};
  UseOfSoldProducts();

 private:
  enum class Use : uint8_t { kEnergy, kFuel, kGas, kIndirect, kIntermediate, kUnknown };

  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void hash_options(Hasher& hasher) const override;
  // "use_phase": what appendix C of the guidance asks for beside the emissions, the intensity of a
  // functional unit, and what appendix B does, the range between a short and a long life.
  bool declare_stream(Columns& columns) override;
  void write_stream(Formula& f, double kg_co2e, std::string_view result_id,
                    Outputs& out) const override;

  // [11.1] lifetime uses x units sold x fuel, energy and leak of a use.
  void direct_energy(Formula& f) const;
  // [11.2] quantity sold x combustion x what is burnt of it.
  void direct_fuel(Formula& f) const;
  // [11.3] gas in a unit x units sold x share released x GWP.
  void direct_gas(Formula& f) const;
  // [11.4] as [11.1], x share of the uses in the scenario.
  void indirect(Formula& f) const;
  // [11.5] as [11.1] of the final product, x share of the intermediate one.
  void intermediate(Formula& f) const;

  // False, and noted why, when the row is of another use.
  bool is(Formula& f, Use use) const;
  // Lifetime uses of all units sold.
  double uses(Formula& f) const;
  void add_uses(Formula& f, double share) const;

  Use default_use_ = Use::kUnknown;
  Operations operations_;
  OwnShare share_;
  Input energy_of_, stated_;
  Input quantity_, use_, lifetime_uses_, scenario_, burnt_, gas_mass_, gas_, released_;

  bool use_phase_ = false;
  Input low_uses_, high_uses_, functional_unit_, functional_units_;
  size_t stream_ = 0;
  Out<std::string_view> id_, unit_name_;
  Out<double> units_sold_, per_unit_, units_of_each_, per_functional_unit_, low_, high_;
};

}  // namespace chunkmill::scope3
