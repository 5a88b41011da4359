#include "plugins/calculators/scope3/common/units.hpp"

#include <catch2/catch.hpp>

using namespace chunkmill::scope3;

namespace {
double in(double amount, const char* from, const char* to) {
  const auto a = parse_unit(from);
  const auto b = parse_unit(to);
  REQUIRE(a);
  REQUIRE(b);
  REQUIRE(a->dimension == b->dimension);
  return convert(amount, *a, *b);
}
}  // namespace

TEST_CASE("units: constants are those of the definitions", "[scope3]") {
  CHECK(in(1, "lb", "kg") == 0.45359237);
  CHECK(in(1, "oz", "g") == 28.349523125);
  CHECK(in(1, "short ton", "kg") == 907.18474);
  CHECK(in(1, "long_ton", "kg") == 1016.0469088);
  CHECK(in(1, "US gal", "l") == 3.785411784);
  CHECK(in(1, "imp_gal", "l") == 4.54609);
  CHECK(in(1, "bbl", "us_gal") == 42);
  CHECK(in(1, "m3", "l") == 1000);
  CHECK(in(1, "ft3", "l") == 28.316846592);
  CHECK(in(1, "kWh", "MJ") == 3.6);
  CHECK(in(1, "therm", "MJ") == 105.505585262);
  CHECK(in(1, "MMBtu", "therm") == 10);
  CHECK(in(1, "mile", "km") == 1.609344);
  CHECK(in(1, "nmi", "km") == 1.852);
  CHECK(in(1, "sqft", "m2") == 0.09290304);
  CHECK(in(1, "acre", "m2") == 4046.8564224);
  CHECK(in(1, "short-ton-mile", "t km") == 1.45997231821056);
  CHECK(in(2, "dozen", "pieces") == 24);
}

TEST_CASE("units: words with several meanings are not guessed", "[scope3]") {
  CHECK_FALSE(parse_unit("ton"));
  CHECK_FALSE(parse_unit("gallons"));
  CHECK_FALSE(parse_unit(""));
  CHECK(ambiguous_unit("Gal") == "write us_gal or imp_gal");
}

TEST_CASE("units: case matters where two units differ by it, and only there", "[scope3]") {
  CHECK(in(3, "ML", "m3") == 3000);
  CHECK(in(3, "ml", "m3") == 3e-6);
  CHECK(in(3, "mL", "ml") == 3);
  CHECK(in(1, "GL", "ML") == 1000);
  CHECK(in(1, "kL", "m3") == 1);
  CHECK(in(1, "Mg", "kg") == 1000);
  CHECK(in(1, "mg", "kg") == 1e-6);
  CHECK(in(1, "Gg", "kt") == 1);
  CHECK(in(1, "Mt", "kt") == 1000);
  CHECK(in(1, "T", "kg") == 1000);
  CHECK(in(1, "KG", "g") == 1000);
  CHECK(in(1, "KWH", "MJ") == 3.6);
  CHECK(in(1, "MWH", "kwh") == 1000);
  CHECK(in(1, "mwh", "kWh") == 1000);
  CHECK(in(1, "PJ", "TJ") == Approx(1000));
  CHECK(in(1, "TWh", "GWh") == Approx(1000));
}

TEST_CASE("units: what utility bills say is known", "[scope3]") {
  CHECK(in(1, "ccf", "ft3") == 100);
  CHECK(in(1, "HCF", "ft3") == 100);
  CHECK(in(1, "Mcf", "ft3") == 1000);
  CHECK(in(1, "MMcf", "mcf") == 1000);
  CHECK(in(1, "Dth", "therm") == 10);
  CHECK(in(10, "thm", "MMBtu") == 1);
  CHECK(in(1, "ton-hour", "Btu") == 12'000);
  CHECK(in(1, "klb", "lb") == 1000);
  CHECK(in(1, "Gcal", "GJ") == Approx(4.1868));
  CHECK(in(1, "toe", "Gcal") == Approx(10));
  CHECK(in(1, "PJ", "GJ") == Approx(1e6));
  CHECK(in(1, "m2/year", "m2 year") == 1);
  CHECK(in(1, "sqft/yr", "ft2 year") == 1);
}

TEST_CASE("units: factors are per thousand or million of money, too", "[scope3]") {
  const auto of = [](const char* text) {
    std::string why;
    const auto unit = parse_factor_unit(text, &why);
    return unit ? chunkmill::scope3::currency_text(unit->currency) + " " +
                      std::to_string(static_cast<int64_t>(unit->per.size))
                : why;
  };
  CHECK(of("t CO2e/M USD") == "USD 1000000");
  CHECK(of("tCO2e/USD million") == "USD 1000000");
  CHECK(of("kg CO2e/1000 GBP") == "GBP 1000");
  CHECK(of("kgCO2e/kEUR") == "EUR 1000");
  CHECK(of("kgCO2e/MEUR") == "EUR 1000000");
  CHECK(of("kg CO2e/2022 M USD, purchaser price") == "USD 1000000");
  CHECK(of("kgCO2e/USD") == "USD 1");
  CHECK(of("kgCO2e/some USD").find("is not known") != std::string::npos);
}

TEST_CASE("units: symbols that are ambiguous by their case are refused with advice", "[scope3]") {
  for (const char* const text : {"Ml", "MG", "mt", "MT", "M", "mWh", "m Wh", "mWh (Net CV)", "mJ",
                                 "pJ", "gg", "mbtu", "Mlb", "kgal", "Nm3"}) {
    INFO(text);
    CHECK_FALSE(parse_unit(text));
    CHECK_FALSE(ambiguous_unit(text).empty());
  }
  std::string why;
  CHECK_FALSE(parse_factor_unit("kgCO2e/mWh", &why));
  CHECK(why == "unit \"mWh\" is not known; it is a milliwatt-hour: write MWh for megawatt-hours");
  CHECK(parse_factor_unit("kgCO2e/ML", &why)->per.size == 1e15);
}

TEST_CASE("units: a factor's unit names mass, money, year and price basis", "[scope3]") {
  std::string why;

  const auto published = parse_factor_unit("kg CO2e/2022 USD, purchaser price", &why);
  const auto grams = parse_factor_unit("g CO2-eq per kWh", &why);
  const auto tonnes = parse_factor_unit("tCO2e/short ton", &why);

  REQUIRE(published);
  CHECK(published->per.dimension == Dimension::kMoney);
  CHECK(currency_text(published->currency) == "USD");
  CHECK(published->year == 2022);
  CHECK(published->price_basis == "purchaser");
  CHECK(published->denominator == "USD");
  REQUIRE(grams);
  CHECK(grams->in_grams);
  CHECK(grams->denominator == "kWh");
  REQUIRE(tonnes);
  CHECK(tonnes->kilograms == 1000);
  CHECK_FALSE(parse_factor_unit("pint/USD", &why));
  CHECK_FALSE(parse_factor_unit("kgCO2e", &why));
  CHECK_FALSE(parse_factor_unit("kgCO2e/furlong", &why));
}
