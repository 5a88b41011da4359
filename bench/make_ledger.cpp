// Writes the input of the contest over all fifteen categories: a ledger whose rows come from
// everywhere in a company, and a factor table for it; the same bytes for the same counts on every
// machine.
//   make_ledger ledger ROWS [CATEGORY] > ledger.csv    (about 70 bytes a row; of one category
//   alone) make_ledger factors COUNT > factors.csv            (at least kOwnFactors)
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "bench/random.hpp"

namespace {

using chunkmill::bench::Random;

// In hundredths of all rows: purchases first, and no category below 2.
constexpr int kShares[] = {40, 5, 5, 8, 5, 6, 4, 4, 5, 3, 4, 3, 3, 2, 3};
constexpr const char* kCountries[] = {"US", "DE", "GB", "FR", "CA", "MX", "JP", "IN"};
constexpr const char* kTreatments[] = {"landfill",   "recycling", "composting",
                                       "combustion", "reuse",     "digestion"};
constexpr const char* kCabins[] = {"economy", "business", "first", "average"};
constexpr const char* kEnergies[] = {"diesel", "petrol", "gas", "lpg"};
constexpr int kYears[] = {2021, 2022, 2023};

// How many codes of each kind there are.
constexpr int kSectors = 1016;
constexpr int kMaterials = 150;
constexpr int kVehicles = 60;
constexpr int kWastes = 45;
constexpr int kTrips = 24;
constexpr int kCommutes = 20;
constexpr int kBuildings = 30;
constexpr int kProcesses = 80;
constexpr int kOwnFactors = 5000;

// Six digits, ascending, like NAICS codes: 111110 for the first.
int sector(int index) { return 111110 + index * 866; }

// Writes records until there are as many as are wanted.
class FactorWriter {
 public:
  explicit FactorWriter(int wanted) : wanted_(wanted) {
    std::puts(
        "set,set_version,factor_id,activity_code,technology,region,year,currency,price_basis,gas,"
        "value,unit,boundary,gwp_set,source,licence");
  }
  void add(const char* code, const char* technology, const char* region, int year, const char* unit,
           const char* boundary) {
    if (written_ == wanted_) return;
    ++written_;
    const bool money = std::strstr(unit, "USD") != nullptr;
    std::printf(
        "made_up,1,f-%06d,%s,%s,%s,%d,%s,%s,,%.3f,%s,%s,AR5,made up for the benchmark,none\n",
        written_, code, technology, region, year, money ? "USD" : "", money ? "purchaser" : "",
        0.02 + random_.below(3000) / 1000.0, unit, boundary);
  }
  bool full() const { return written_ == wanted_; }
  int written() const { return written_; }

 private:
  const int wanted_;
  int written_ = 0;
  Random random_{7};
};

void write_factors(int count) {
  FactorWriter out(count);
  char code[32];
  const auto named = [&](const char* kind, int index) {
    std::snprintf(code, sizeof code, "%s-%02d", kind, index);
    return code;
  };
  for (int i = 0; i < kSectors; ++i) {
    std::snprintf(code, sizeof code, "%06d", sector(i));
    out.add(code, "", "US", 2022, "kgCO2e/USD", "cradle_to_gate");
  }
  for (int i = 0; i < kMaterials; ++i)
    for (const int year : kYears)
      out.add(named("material", i), "", "", year, "kgCO2e/kg", "cradle_to_gate");
  for (const char* region : kCountries)
    for (const int year : kYears) {
      for (const char* boundary : {"combustion", "upstream", "td_losses", "td_losses_upstream"})
        out.add("electricity", "", region, year, "kgCO2e/kWh", boundary);
      for (const char* energy : kEnergies)
        for (const char* boundary : {"combustion", "upstream"})
          out.add(energy, "", region, year, "kgCO2e/l", boundary);
    }
  for (int i = 0; i < kWastes; ++i)
    for (const char* treatment : kTreatments)
      out.add(named("waste", i), treatment, "", 2022, "kgCO2e/t", "end_of_life");
  for (int i = 0; i < kTrips; ++i)
    for (const char* cabin : kCabins)
      out.add(named("trip", i), cabin, "", 2022, "kgCO2e/passenger-km", "life_cycle");
  for (int i = 0; i < kCommutes; ++i)
    for (const int year : kYears)
      out.add(named("commute", i), "", "", year, "kgCO2e/km", "life_cycle");
  for (int i = 0; i < kVehicles; ++i)
    for (const int year : kYears)
      out.add(named("vehicle", i), "", "", year, "kgCO2e/tkm", "life_cycle");
  for (int i = 0; i < kBuildings; ++i)
    for (const char* region : kCountries)
      for (const int year : kYears)
        out.add(named("building", i), "", region, year, "kgCO2e/m2-year", "life_cycle");
  for (int i = 0; i < kProcesses; ++i)
    for (const char* region : kCountries)
      for (const int year : kYears)
        out.add(named("process", i), "", region, year, "kgCO2e/kg", "gate_to_gate");
  // What no row asks for: a large table must not cost more.
  for (int i = 0; !out.full(); ++i) {
    std::snprintf(code, sizeof code, "other-%06d", i);
    out.add(code, "", kCountries[i % 8], 2022, "kgCO2e/USD", "cradle_to_gate");
  }
}

// One row of the ledger; what a category does not need stays empty.
struct Row {
  char activity[16] = "";
  char spend[24] = "";
  const char* currency = "";
  char quantity[24] = "";
  const char* unit = "";
  char mass[16] = "";
  char distance[16] = "";
  const char* technology = "";  // treatment or cabin
  const char* part = "";        // of category 3, the use of 11, the asset class of 15
  int days = 0;                 // of commuting, or uses of a product
  int people = 0;
  int64_t value = 0;  // of a company
};

class Ledger {
 public:
  void write(int64_t rows, int only) {
    std::puts(
        "id,category,supplier,date,country,activity,spend,currency,quantity,unit,mass_t,"
        "distance_km,technology,part,days,people,company_value");
    for (int64_t i = 0; i < rows; ++i) {
      const int category = only != 0 ? only : draw_category();
      print(i, category, row_of(category));
    }
  }

 private:
  int draw_category() {
    int at = random_.below(100);
    int category = 0;
    while (at >= kShares[category]) at -= kShares[category++];
    return category + 1;
  }
  template <size_t N>
  void decimal(char (&text)[N], int most) {
    const int hundredths = random_.below(most * 100) + 100;
    std::snprintf(text, N, "%d.%02d", hundredths / 100, hundredths % 100);
  }
  void named(Row& row, const char* kind, int count) {
    std::snprintf(row.activity, sizeof row.activity, "%s-%02d", kind, random_.below(count));
  }
  void sector_spend(Row& row) {
    std::snprintf(row.activity, sizeof row.activity, "%06d", sector(random_.below(kSectors)));
    decimal(row.spend, 50'000);
    row.currency = "USD";
  }
  void amount(Row& row, int most, const char* unit) {
    decimal(row.quantity, most);
    row.unit = unit;
  }
  void energy(Row& row) {
    const bool electricity = random_.below(2) == 0;
    std::strcpy(row.activity, electricity ? "electricity" : kEnergies[random_.below(4)]);
    amount(row, 9000, electricity ? "kWh" : "l");
    row.part = electricity ? "upstream_and_losses" : "upstream";
  }

  Row row_of(int category) {
    Row row;
    switch (category) {
      case 1:
        if (random_.below(4) > 0) {
          sector_spend(row);
        } else {
          named(row, "material", kMaterials);
          amount(row, 5000, "kg");
        }
        break;
      case 2:
        sector_spend(row);
        break;
      case 3:
        energy(row);
        break;
      case 4:
      case 9:
        named(row, "vehicle", kVehicles);
        decimal(row.mass, 24);
        decimal(row.distance, 2000);
        break;
      case 5:
      case 12:
        named(row, "waste", kWastes);
        amount(row, 900, random_.below(2) == 0 ? "t" : "kg");
        row.technology = kTreatments[random_.below(6)];
        break;
      case 6:
        named(row, "trip", kTrips);
        decimal(row.distance, 9000);
        row.technology = kCabins[random_.below(4)];
        row.people = 1 + random_.below(3);
        break;
      case 7:
        named(row, "commute", kCommutes);
        decimal(row.distance, 60);
        row.days = 100 + random_.below(120);
        break;
      case 8:
      case 13:
        named(row, "building", kBuildings);
        amount(row, 9000, "m2");
        break;
      case 10:
        named(row, "process", kProcesses);
        amount(row, 9000, "kg");
        break;
      case 11:
        std::strcpy(row.activity, kEnergies[random_.below(4)]);
        amount(row, 9000, "l");
        row.part = "fuel";
        break;
      case 14:
        std::strcpy(row.activity, "electricity");
        amount(row, 9000, "kWh");
        break;
      default:
        row.part = "listed_equity";
        amount(row, 90'000, "tCO2e");
        decimal(row.spend, 50'000);
        row.currency = "USD";
        row.value = 1'000'000 + random_.below(9'000'000);
    }
    return row;
  }

  void print(int64_t number, int category, const Row& row) {
    const int supplier = random_.below(5000);
    const int month = random_.below(12) + 1;
    const int day = random_.below(28) + 1;
    const char* const country = kCountries[random_.below(8)];
    std::printf("R%07lld,%d,S%04d,2022-%02d-%02d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,",
                static_cast<long long>(number), category, supplier, month, day, country,
                row.activity, row.spend, row.currency, row.quantity, row.unit, row.mass,
                row.distance, row.technology, row.part);
    const auto or_empty = [](int64_t count, char end) {
      if (count != 0) std::printf("%lld", static_cast<long long>(count));
      std::putchar(end);
    };
    or_empty(row.days, ',');
    or_empty(row.people, ',');
    or_empty(row.value, '\n');
  }

  Random random_{42};
};

}  // namespace

int main(int argc, char** argv) {
  static char buffer[1 << 20];
  std::setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  if (argc == 3 && std::strcmp(argv[1], "factors") == 0 && std::atoi(argv[2]) >= kOwnFactors) {
    write_factors(std::atoi(argv[2]));
  } else if ((argc == 3 || argc == 4) && std::strcmp(argv[1], "ledger") == 0) {
    Ledger().write(std::atoll(argv[2]), argc == 4 ? std::atoi(argv[3]) : 0);
  } else {
    std::fputs("usage: make_ledger ledger ROWS [CATEGORY] | make_ledger factors COUNT\n", stderr);
    return 64;
  }
  return std::fflush(stdout) == 0 ? 0 : 74;
}
