#include "plugins/calculators/scope3/common/units.hpp"

#include <array>
#include <charconv>

#include "plugins/calculators/scope3/common/key_index.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {
namespace {

struct Entry {
  std::string_view names;  // separated by '|', lower case, without spaces and marks
  Unit unit;
};

// Base units: 10 ug, 1 nl, 10 nJ, 0.1 mm, 0.01 mm2, 1 s, one; of products those of their factors,
// but of freight 10,000 times as much, so that its sizes stay exact.
constexpr Unit mass(double size) { return {Dimension::kMass, size}; }
constexpr Unit volume(double size) { return {Dimension::kVolume, size}; }
constexpr Unit energy(double size) { return {Dimension::kEnergy, size}; }
constexpr Unit distance(double size) { return {Dimension::kDistance, size}; }
constexpr Unit area(double size) { return {Dimension::kArea, size}; }
constexpr Unit duration(double size) { return {Dimension::kTime, size}; }
constexpr Unit count(double size) { return {Dimension::kCount, size}; }
constexpr Unit freight(double size) { return {Dimension::kFreight, size}; }
constexpr Unit passenger(double size) { return {Dimension::kPassenger, size}; }
constexpr double kFreightScale = 1e4;
constexpr double kDay = 86400;
// A year of rent or storage is 365 days.
constexpr double kYear = 365 * kDay;

constexpr Entry kUnits[] = {
    // 1 lb = 0.45359237 kg; 16 oz, 2,000 lb a short ton, 2,240 lb a long ton.
    {"kg|kilogram|kilograms|kgs|kilo|kilos", mass(1e8)},
    {"g|gram|grams", mass(1e5)},
    {"milligram|milligrams", mass(1e2)},
    {"t|tonne|tonnes|metricton|metrictons|metrictonne|metrictonnes|megagram|megagrams", mass(1e11)},
    {"kt|kilotonne|kilotonnes|gigagram|gigagrams", mass(1e14)},
    {"megatonne|megatonnes", mass(1e17)},
    {"lb|lbs|pound|pounds", mass(45359237)},
    {"klb|klbs|thousandpounds", mass(45359237e3)},  // of steam
    {"oz|ounce|ounces", mass(2834952.3125)},
    {"shortton|shorttons|uston|ustons", mass(90718474000)},
    {"longton|longtons|ukton|uktons", mass(101604690880)},
    // 1 US gal = 3.785411784 l; 1 imperial gal = 4.54609 l; 42 US gal a barrel; 1 ft = 0.3048 m.
    {"l|litre|litres|liter|liters|ltr", volume(1e9)},
    {"ml|millilitre|millilitres|milliliter|milliliters", volume(1e6)},
    {"kl|kilolitre|kilolitres|kiloliter|kiloliters", volume(1e12)},
    {"megalitre|megalitres|megaliter|megaliters|millionlitres", volume(1e15)},
    {"gl|gigalitre|gigalitres|gigaliter|gigaliters", volume(1e18)},
    {"m3|m\u00b3|cubicmetre|cubicmetres|cubicmeter|cubicmeters|cbm", volume(1e12)},
    {"usgal|usgallon|usgallons|galus", volume(3785411784)},
    {"impgal|impgallon|impgallons|imperialgallon|imperialgallons|ukgal|ukgallon|ukgallons",
     volume(4546090000)},
    {"bbl|barrel|barrels", volume(158987294928)},
    {"ft3|cubicfoot|cubicfeet|cf|scf|cuft", volume(28316846592)},
    // Of gas and water meters: C is a hundred, M a thousand, MM a million.
    {"ccf|hcf|hundredcubicfeet", volume(28316846592e2)},
    {"mcf|mscf|thousandcubicfeet", volume(28316846592e3)},
    {"mmcf|mmscf|millioncubicfeet", volume(28316846592e6)},
    {"acrefoot|acrefeet|acft", volume(28316846592.0 * 43560)},
    {"hl|hectolitre|hectolitres|hectoliter|hectoliters", volume(1e11)},
    {"cl|centilitre|centilitres|centiliter|centiliters", volume(1e7)},
    // 1 Btu (IT) = 1055.05585262 J; 1e5 Btu a therm.
    {"j|joule|joules", energy(1e8)},
    {"kj|kilojoule|kilojoules", energy(1e11)},
    {"mj|megajoule|megajoules", energy(1e14)},
    {"gj|gigajoule|gigajoules", energy(1e17)},
    {"tj|terajoule|terajoules", energy(1e20)},
    {"pj|petajoule|petajoules", energy(1e23)},  // the nearest double, as of a TWh
    {"wh|watthour|watthours", energy(3.6e11)},
    {"kwh|kilowatthour|kilowatthours|kwhr|kwhrs", energy(3.6e14)},
    {"mwh|megawatthour|megawatthours|mwhr|mwhrs", energy(3.6e17)},
    {"gwh|gigawatthour|gigawatthours", energy(3.6e20)},
    {"twh", energy(3.6e23)},
    {"btu", energy(105505585262)},
    {"kbtu", energy(105505585262e3)},
    {"mmbtu", energy(105505585262e6)},
    {"therm|therms|thm|thms|therm(grosscv)|therms(grosscv)", energy(105505585262e5)},
    {"dekatherm|dekatherms|decatherm|decatherms|dth|dthm", energy(105505585262e6)},
    {"tonhour|tonhours|tonhr|tonhrs|refrigerationtonhour|refrigerationtonhours",
     energy(105505585262 * 12e3)},  // 12,000 Btu of cooling
    // 1 cal (IT) = 4.1868 J; 1 toe = 10 Gcal.
    {"kcal|kilocalorie|kilocalories", energy(4.1868e11)},
    {"gcal|gigacalorie|gigacalories", energy(4.1868e17)},
    {"toe|tonneofoilequivalent|tonnesofoilequivalent", energy(4.1868e18)},
    // As DESNZ writes them; a bare kWh of a fuel is taken as gross.
    {"kwh(grosscv)|kwh(gross)|kwh(hhv)", energy(3.6e14)},
    {"mwh(grosscv)|mwh(gross)|mwh(hhv)", energy(3.6e17)},
    {"gj(grosscv)|gj(gross)|gj(hhv)", energy(1e17)},
    {"kwh(netcv)|kwh(net)|kwh(lhv)", {Dimension::kNetEnergy, 3.6e14}},
    {"mj(netcv)|mj(net)", {Dimension::kNetEnergy, 1e14}},
    {"gj(netcv)|gj(net)|gj(lhv)", {Dimension::kNetEnergy, 1e17}},
    {"mwh(netcv)|mwh(net)|mwh(lhv)", {Dimension::kNetEnergy, 3.6e17}},
    // 1 mile = 1,609.344 m; 1 nautical mile = 1,852 m.
    {"km|kilometre|kilometres|kilometer|kilometers|vkm|vehiclekm", distance(1e7)},
    {"m|metre|metres|meter|meters", distance(1e4)},
    {"mile|miles|mi|vehiclemile|vehiclemiles", distance(16093440)},
    {"nmi|nauticalmile|nauticalmiles", distance(18520000)},
    {"ft|foot|feet", distance(3048)},
    {"yd|yard|yards", distance(9144)},
    {"m2|m\u00b2|sqm|squaremetre|squaremetres|squaremeter|squaremeters", area(1e8)},
    {"ft2|sqft|squarefoot|squarefeet", area(9290304)},
    {"ha|hectare|hectares", area(1e12)},
    {"acre|acres", area(404685642240)},
    {"h|hr|hrs|hour|hours", duration(3600)},
    {"min|minute|minutes", duration(60)},
    {"day|days|d", duration(kDay)},
    {"week|weeks", duration(7 * kDay)},
    {"year|years|yr", duration(kYear)},
    {"piece|pieces|pc|pcs|each|ea|item|items|unit|units|no|person|persons|people|employee|"
     "employees|fte|vehicle|vehicles|pallet|pallets|asset|assets|franchise|franchises|passenger|"
     "passengers",
     count(1)},
    {"dozen|dozens|dz", count(12)},
    {"roomnight|roomnights|night|nights|roompernight", {Dimension::kNight, 1}},
    {"teu|teus", {Dimension::kTeu, 1}},
    {"feu|feus", {Dimension::kTeu, 2}},
    // Exact products of the above.
    {"tkm|tonnekm|tonnekilometre|tonnekilometres|tonnekilometer|tonnekilometers", freight(1e14)},
    {"kgkm", freight(1e11)},
    {"shorttonmile|shorttonmiles|ustonmile|ustonmiles", freight(145997231821056)},
    {"pkm|passengerkm|passengerkilometre|passengerkilometres", passenger(1e7)},
    {"passengermile|passengermiles|pmi", passenger(16093440)},
    {"teukm", {Dimension::kTeuDistance, 1e7}},
    {"teumile|teumiles", {Dimension::kTeuDistance, 16093440}},
    {"m3day|m3days|cubicmetreday|cubicmetredays", {Dimension::kVolumeTime, 1e12 * kDay}},
    {"m2year|m2years|m2yr|m2/year|m2/yr|m2/a|m2a|m2peryear|sqmyear|sqm/year|m\u00b2year|m\u00b2/"
     "year",
     {Dimension::kAreaTime, 1e8 * kYear}},
    {"ft2year|sqftyear|ft2yr|sqftyr|ft2/year|sqft/year|ft2/yr|sqft/yr|sqftperyear",
     {Dimension::kAreaTime, 9290304 * kYear}},
    {"m2day|m2days", {Dimension::kAreaTime, 1e8 * kDay}},
    {"palletday|palletdays|personday|persondays|assetday", {Dimension::kCountTime, kDay}},
    {"assetyear|asset/year|unit/year|franchiseyear|franchise/year|employeeyear|employee/"
     "year|vehicleyear|personyear",
     {Dimension::kCountTime, kYear}},
    {"ftehour|fteworkinghour|personhour|personhours", {Dimension::kCountTime, 3600}},
    {"teuday|teudays", {Dimension::kTeuTime, kDay}},
    {"kgco2e|kgco2eq", {Dimension::kEmissions, 1e8}},
    {"gco2e|gco2eq", {Dimension::kEmissions, 1e5}},
    {"tco2e|tco2eq|tonneco2e|tonnesco2e|metrictonco2e|metrictonsco2e",
     {Dimension::kEmissions, 1e11}},
    {"ktco2e", {Dimension::kEmissions, 1e14}},
    {"lbco2e|lbsco2e", {Dimension::kEmissions, 45359237}},
};

// Symbols whose prefix is another one in the other case, or in which capitals have a meaning of
// their own. They are looked at before kUnits, in which case does not matter. Sources: the SI
// brochure (9th edition, 2019), table 7: m is milli, M mega, G giga, p pico, P peta; NIST SP 811.
struct CaseEntry {
  std::string_view symbol;  // as it is written, without spaces and marks
  std::string_view name;    // in kUnits; empty: not taken
  std::string_view advice;
};
constexpr CaseEntry kByCase[] = {
    {"ML", "megalitre", {}},
    {"Ml", {}, "write ml, or ML for megalitres"},
    {"mg", "milligram", {}},
    {"Mg", "megagram", {}},
    {"MG", {}, "write mg, or Mg or t for megagrams"},
    {"Gg", "gigagram", {}},
    {"GG", {}, "write kt for gigagrams"},
    {"gg", {}, "write kt for gigagrams"},
    {"Mt", "megatonne", {}},
    {"MT", {}, "write t for metric tons, or Mt for megatonnes"},
    {"mt", {}, "write t for metric tons, or Mt for megatonnes"},
    {"mT", {}, "write t for metric tons, or Mt for megatonnes"},
    {"M", {}, "write m for metres, mi for miles, or the number with its millions"},
    {"mJ", {}, "it is a millijoule: write MJ for megajoules"},
    {"mWh", {}, "it is a milliwatt-hour: write MWh for megawatt-hours"},
    {"mWH", {}, "it is a milliwatt-hour: write MWh for megawatt-hours"},
    {"pJ", {}, "it is a picojoule: write PJ for petajoules"},
};

// Without spaces and marks.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (!is_space(c) && c != '_' && c != '-' && c != '.' && c != '^') out.push_back(c);
  return out;
}

// Lower case, without spaces and marks.
std::string normal(std::string_view text) {
  std::string out = bare(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// Of "mWh (Net CV)" that of "mWh"; null when case does not matter.
const CaseEntry* by_case(std::string_view text) {
  const std::string symbol = bare(text.substr(0, text.find('(')));
  for (const CaseEntry& entry : kByCase)
    if (symbol == entry.symbol) return &entry;
  return nullptr;
}

KeyIndex make_index() {
  KeyIndex index;
  for (uint32_t i = 0; i < std::size(kUnits); ++i) {
    std::string_view names = kUnits[i].names;
    while (!names.empty()) {
      const size_t end = std::min(names.find('|'), names.size());
      index.insert(names.substr(0, end), i);
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }
  return index;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct MassWord {
  std::string_view words;  // separated by '|', longest first
  double kilograms;
  bool in_grams;
};
constexpr MassWord kMassWords[] = {
    {"kilograms|kilogram|kg", 1, false},
    {"metrictonnes|metrictonne|metrictons|metricton|tonnes|tonne|t", 1000, false},
    {"grams|gram|g", 1, true},
    {"lbs|lb", 0.45359237, false},
};

// "M USD", "USD million", "kEUR", "1000 GBP", "1,000,000 USD": the currency, and how much of it; 0
// for anything else.
Currency parse_much_money(std::string_view text, double* size) {
  struct Word {
    std::string_view word;
    double size;
  };
  constexpr Word kWords[] = {
      {"k", 1e3},    {"thousand", 1e3}, {"tsd", 1e3},      {"m", 1e6},
      {"mn", 1e6},   {"mio", 1e6},      {"mln", 1e6},      {"million", 1e6},
      {"bn", 1e9},   {"billion", 1e9},  {"millions", 1e6}, {"thousands", 1e3},
      {"1000", 1e3}, {"1000000", 1e6},  {"100", 1e2},      {"1000000000", 1e9}};
  std::string bare_text;
  for (const char c : text)
    if (!is_space(c) && c != ',' && c != '\'' && c != '_')
      bare_text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  if (bare_text.size() < 4) return 0;
  const std::string_view all = bare_text;
  for (const bool behind : {false, true}) {
    const std::string_view much = behind ? all.substr(3) : all.substr(0, all.size() - 3);
    const Currency currency =
        parse_currency(behind ? all.substr(0, 3) : all.substr(all.size() - 3));
    for (const Word& word : kWords) {
      if (currency == 0 || much != word.word) continue;
      *size = word.size;
      return currency;
    }
  }
  return 0;
}

// "kgco2e", "gch4", "kgco2eofn2o" or "kg", normalised.
bool read_numerator(std::string_view text, FactorUnit* out) {
  for (const MassWord& mass : kMassWords) {
    std::string_view words = mass.words;
    while (!words.empty()) {
      const size_t end = std::min(words.find('|'), words.size());
      const std::string_view word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (!text.starts_with(word)) continue;
      out->kilograms = mass.kilograms;
      out->in_grams = mass.in_grams;
      std::string_view gas = text.substr(word.size());
      for (const std::string_view co2e : {"co2equivalent", "co2eq", "co2e"}) {
        if (!gas.starts_with(co2e)) continue;
        out->co2e = true;
        gas.remove_prefix(co2e.size());
        if (gas.starts_with("of")) gas.remove_prefix(2);
        break;
      }
      out->gas = gas;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view dimension_name(Dimension dimension) {
  constexpr std::string_view kNames[] = {"money",
                                         "mass",
                                         "volume",
                                         "energy",
                                         "energy by net heating value",
                                         "distance",
                                         "area",
                                         "time",
                                         "count",
                                         "nights",
                                         "containers",
                                         "mass x distance",
                                         "containers x distance",
                                         "passengers x distance",
                                         "volume x time",
                                         "area x time",
                                         "count x time",
                                         "containers x time",
                                         "emissions"};
  return kNames[static_cast<size_t>(dimension)];
}

std::optional<Unit> parse_unit(std::string_view text) {
  static const KeyIndex kIndex = make_index();
  const CaseEntry* const special = by_case(text);
  if (special != nullptr && special->name.empty()) return std::nullopt;
  const uint32_t found =
      kIndex.find(special == nullptr ? normal(text) : std::string(special->name));
  if (found == KeyIndex::kAbsent) return std::nullopt;
  return kUnits[found].unit;
}

std::string_view ambiguous_unit(std::string_view text) {
  const std::string word = normal(text);
  if (word == "ton" || word == "tons") return "write t, short_ton or long_ton";
  if (word == "gal" || word == "gallon" || word == "gallons") return "write us_gal or imp_gal";
  if (const CaseEntry* const special = by_case(text); special != nullptr) return special->advice;
  if (word == "mbtu") return "write kBtu for thousand Btu, or MMBtu for million Btu";
  if (word == "mlb" || word == "mlbs") return "write klb for thousand pounds";
  if (word == "kgal" || word == "mgal" || word == "cgal" || word == "hgal")
    return "write us_gal or imp_gal, with the number in gallons";
  if (word == "nm3" || word == "sm3" || word == "ncm")
    return "a normal cubic metre is of another temperature: bring it to m3 of the factor's";
  if (word == "th") return "write therm, or the number in kcal for thermies";
  if (word == "mmt") return "write Mt for million tonnes";
  if (word == "mtco2e" || word == "mmtco2e" || word == "mtco2eq")
    return "write tCO2e for metric tons, or ktCO2e";
  if (word == "tonmile" || word == "tonmiles") return "write tkm or short_ton_mile";
  return {};
}

std::optional<Unit> product(Unit a, Unit b) {
  using enum Dimension;
  struct Rule {
    Dimension a, b, product;
    double scale;
  };
  constexpr Rule kRules[] = {
      {kMass, kDistance, kFreight, kFreightScale},
      {kTeu, kDistance, kTeuDistance, 1},
      {kCount, kDistance, kPassenger, 1},
      {kVolume, kTime, kVolumeTime, 1},
      {kArea, kTime, kAreaTime, 1},
      {kCount, kTime, kCountTime, 1},
      {kTeu, kTime, kTeuTime, 1},
  };
  for (const Rule& rule : kRules)
    if ((rule.a == a.dimension && rule.b == b.dimension) ||
        (rule.a == b.dimension && rule.b == a.dimension))
      return Unit{rule.product, a.size * b.size / rule.scale};
  return std::nullopt;
}

std::string currency_text(Currency currency) {
  return {static_cast<char>(currency >> 16), static_cast<char>(currency >> 8 & 0xFF),
          static_cast<char>(currency & 0xFF)};
}

std::optional<FactorUnit> parse_factor_unit(std::string_view text, std::string* why) {
  FactorUnit out;
  size_t line = text.find('/');
  size_t after = line + 1;
  if (line == std::string_view::npos) {
    line = text.find(" per ");
    after = line + 5;
  }
  if (line == std::string_view::npos || !read_numerator(normal(text.substr(0, line)), &out)) {
    *why = "\"" + std::string(text) + "\" is not a mass of a gas for one of something, like " +
           "\"kgCO2e/t\" or \"kgCO2e/USD\"";
    return std::nullopt;
  }
  std::string_view per = trim(text.substr(after));
  if (const size_t comma = per.find(','); comma != std::string_view::npos) {
    for (const std::string_view basis : {"purchaser", "producer", "basic"})
      if (per.find(basis, comma) != std::string_view::npos) out.price_basis = basis;
    per = trim(per.substr(0, comma));
  }
  if (per.size() > 5 && is_digit(per[0]) && is_digit(per[1]) && is_digit(per[2]) &&
      is_digit(per[3]) && is_space(per[4])) {
    std::from_chars(per.data(), per.data() + 4, out.year);
    // "1000 GBP" is no year of it.
    if (out.year >= 1900 && out.year <= 2200) {
      per = trim(per.substr(5));
    } else {
      out.year = 0;
    }
  }
  out.denominator = per;
  // "ton" is no currency either.
  const std::string_view hint = ambiguous_unit(per);
  double of_money = 1;
  if (const std::optional<Unit> unit = parse_unit(per)) {
    out.per = *unit;
  } else if (const Currency currency = parse_currency(per); currency != 0 && hint.empty()) {
    out.per = Unit{Dimension::kMoney, 1};
    out.currency = currency;
    out.denominator = currency_text(currency);
  } else if (const Currency many = parse_much_money(per, &of_money); many != 0) {
    out.per = Unit{Dimension::kMoney, of_money};
    out.currency = many;
  } else {
    *why = "unit \"" + std::string(per) + "\" is not known" +
           (hint.empty() ? "" : "; " + std::string(hint));
    return std::nullopt;
  }
  return out;
}

}  // namespace chunkmill::scope3
