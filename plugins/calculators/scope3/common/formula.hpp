// One method applied to one row: what a category's formulas are written in.
//
// The first thing that is missing or does not fit ends the estimate: it is noted with its reject
// code, every later call returns nothing and adds nothing. So a formula is written straight down,
// without a check after each line:
//
//   void average_data(Formula& f) const {                                             // [1.4]
//     const Amount quantity = f.amount(quantity_);
//     f.add(quantity, f.factor(f.activity(), Boundary::kCradleToGate, quantity));
//   }
//
// Nothing is rounded or converted but in add(), where the amount is brought into the factor's unit.
//
// Threads: a lane's own.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/civil_date.hpp"
#include "plugins/calculators/scope3/common/broker.hpp"
#include "plugins/calculators/scope3/common/inputs.hpp"
#include "plugins/calculators/scope3/common/line.hpp"

namespace chunkmill::scope3 {

// A number with a unit, and how it came about.
struct Amount {
  double value = 0;
  Unit unit{};
  Currency currency = 0;  // of money
  Steps steps{};

  // What is a share of it, allocated or lost: recorded as such.
  Amount share(double of) const {
    Amount out = *this;
    out.value *= of;
    out.steps.share *= of;
    return out;
  }
  // What it is in another kind of amount: 30 "l/100 km" of a way, 0.84 "kg/l" of a volume.
  void convert_by(double conversion, Text its_unit) {
    steps.conversion = steps.conversion_unit.empty() ? conversion : NAN;
    steps.conversion_unit = its_unit;
  }
  // The same for several: units, days, trips.
  Amount times(double count) const { return share(count); }
};

// A factor for a row, and how well it fits. False: there is none, and the reason is noted.
struct Found {
  const Factor* factor = nullptr;
  Specificity specificity = Specificity::kExact;
  RegionMatch region = RegionMatch::kAny;
  YearMatch year = YearMatch::kUndated;
  Quality quality{};
  double variance = 0;

  explicit operator bool() const { return factor != nullptr; }
};

// Columns that all categories know.
struct CommonInputs {
  Input date, region, activity, supplier, group, category, exclude;
  Input own_factor, own_unit, own_boundary, own_source, own_year, own_gwp_set, own_verified;
  Input activity_quality, activity_spread;
  // Only where the category has spend.
  Input spend, currency, tax_amount, tax_percent, tax_included, recharge, price_basis;

  void declare(Inputs& in, bool has_spend);
};

// What went wrong, as far as a message needs it.
struct Problem {
  Gap gap = Gap::kNone;
  Input input{};
  std::string_view text{};  // of the row, or of the program
  std::string_view code{};
  Need need{};
};

class Formula {
 public:
  Formula(const Broker& broker, const Inputs& inputs, const CommonInputs& common)
      : broker_(broker),
        inputs_(inputs),
        common_(common),
        default_variance_(broker.pedigree().variance(kUnscored)) {}

  // --- Inputs of the row.
  bool has(Input in) const { return cells_.has(in, row_); }
  // Empty where there is none: then it is no data. text_or() takes that.
  std::string_view text(Input in);
  std::string_view text_or(Input in, std::string_view otherwise) const;
  double number(Input in);
  double number_or(Input in, double otherwise);
  // As a fraction: 0.085 for 8.5. At least 0 and, where it is a share of something, at most 1.
  double percent(Input in, double at_most = 1);
  // A share of the whole that the rows of a group make up: their sum must be 100 %.
  double percent_of_group(Input in);
  bool yes(Input in, bool otherwise) const;
  // In its own unit. Negative ones are refused but for goods that go back with their money.
  Amount amount(Input in);
  // Net of tax and of recharges, in its own currency.
  Amount money(Input in);
  // A constant of the formula: 1 kg, 1 km.
  static Amount constant(double value, Unit unit) { return {value, unit, 0, {}}; }
  // mass x distance, volume x time, ...
  Amount product(const Amount& a, const Amount& b);
  // Mass of a volume by a density that the row gives, and the other way round; an amount of the
  // wanted dimension stays as it is.
  Amount in_dimension(const Amount& of, Dimension wanted, Input density);

  // --- Factors.
  // The row's activity class as a code of the factor table; by the job's mapping, if there is one.
  std::string_view activity();
  Found factor(std::string_view code, Boundary boundary, const Amount& per,
               std::string_view technology = {}) {
    return lookup(code, boundary, per, key_of(technology), true);
  }
  // The same for a factor that need not be there: nothing is noted when there is none for the row's
  // region, one around it or the world.
  Found find(std::string_view code, Boundary boundary, const Amount& per,
             std::string_view technology = {}) {
    return lookup(code, boundary, per, key_of(technology), false);
  }
  // The factor that the row brings with it; one that does not say its unit is for one unit of
  // `quantity`.
  Found own_factor(Boundary boundary, Input quantity);
  bool has_own_factor() const { return has(common_.own_factor); }
  // The first of `technologies` that the code has a factor for; empty ones are left out, and with
  // none it is the average. The reason why there is none is that of the first.
  Found factor_of_any(std::string_view code, Boundary boundary, const Amount& per,
                      std::initializer_list<std::string_view> technologies);
  // A class as a ledger says it: the text itself if it is a code, else within `group`
  // ("hgv (all diesel)" and "rigid (>17 tonnes)" are "hgv (all diesel)/rigid (>17 tonnes)").
  std::string_view code_within(std::string_view group, std::string_view text);
  // Of a class with one for each country ("hotel stay/germany") that of the row's; else `group`.
  std::string_view code_of_country(std::string_view group) const;
  // Whether the code has such a factor for the row, from anywhere.
  bool has_factor(std::string_view code, Boundary boundary, Dimension per,
                  std::string_view technology = {}) const;
  // The same of that technology itself, not of the average.
  bool has_technology(std::string_view code, Boundary boundary, Dimension per,
                      std::string_view technology) const;
  // What it says that it covers.
  std::optional<Boundary> own_boundary() const {
    return parse_boundary(cells_.text(common_.own_boundary, row_));
  }
  // kg CO2e of a kg of a gas that is released.
  Found gas(std::string_view name);

  // --- The estimate.
  // Adds amount x factor, converted exactly. `label` names the part, where there are several.
  void add(const Amount& amount, const Found& found, std::string_view label = {});
  // Takes away what another term holds too much: never removals or avoided emissions.
  void subtract(const Amount& amount, const Found& found, std::string_view label = {});
  // Money goes through currency and price index to the factor's own; `money` as money() gives it.
  void add_spend(const Amount& money, std::string_view code, Boundary boundary,
                 std::string_view label = {}) {
    add(money, factor(code, boundary, money), label);
  }
  // Emissions that somebody else calculated, in a unit of CO2e.
  void add_given(const Amount& emissions, std::string_view label = {});
  // What is added from here on is outside the minimum boundary of the category: it is shown, and an
  // inventory counts it apart. `on` false: what follows is inside again.
  void optional(bool on = true) { optional_ = on; }
  bool is_optional() const { return optional_; }
  void flag(Flags flags) { flags_ |= flags; }
  void pcaf_score(int score) { pcaf_score_ = static_cast<uint8_t>(score); }
  // Which line of the category this is: a constant of the program.
  void kind(Text text) { kind_ = text; }
  // Of a method that sums up several kinds of data: which of them this row has, and which there
  // must be, in the row or in the rows of its group; a bit each. Without the first bit's it is no
  // data.
  void expect(uint32_t here, uint32_t needed) {
    parts_here_ |= here;
    parts_needed_ |= needed;
    if (!grouped() && (here & 1) == 0) fail(Gap::kNoData);
  }
  // Whether rows are summed up in groups.
  bool grouped() const { return inputs_.named(common_.group); }
  // Ends the estimate. `text` must live as long as the row.
  void fail(Gap gap, Input input = {}, std::string_view text = {});
  bool failed() const { return problem_.gap != Gap::kNone; }
  double kg_co2e() const { return kg_; }
  const Circumstances& circumstances() const { return circumstances_; }
  // False where the row names a region that nobody knows, while factors are of regions.
  bool region_is_known() const { return region_is_known_; }

  // --- For Category alone.
  // What nobody scored is poor in what only the user can know.
  static constexpr Quality kUnscored{{kPoor, kPoor, 1, 1, 1}};
  struct GroupShare {
    bool used = false;
    double sum = 0;
  };
  void start_batch(const Batch& batch);
  // After the lines of before are written: forgets own factors, parts, sums.
  void start_block();
  // The same before `count` rows that follow each other: their activity codes are looked up
  // together, so that the processor waits for the memory of many at a time.
  void start_block(int64_t begin, size_t count);
  void start_row(int64_t row);
  // Whose first term goes to `term`.
  void start_method(Term* term);
  // False when there is no estimate. `in_group`: what expect() said is the group's to check.
  bool finish(bool in_group);
  uint32_t parts_here() const { return parts_here_; }
  uint32_t parts_needed() const { return parts_needed_; }
  // Completes `line`, whose term start_method() was given; several terms go to parts() as well, and
  // a single one where `keep_parts`.
  void take(Line* line, bool keep_parts);
  const Problem& problem() const { return problem_; }
  const Cells& cells() const { return cells_; }
  const Batch& batch() const { return *batch_; }
  int64_t row() const { return row_; }
  double group_share() const { return group_share_; }
  // A text that stays until the lines in hand are written.
  Text keep(std::string_view text) { return texts_.add(text); }
  // The currency that an amount of money is in; 0 where nothing says it. `otherwise`: a column with
  // it, where the amount's own does not carry one.
  Currency currency_of(Input money, Input otherwise) const;
  std::vector<Part>& parts() { return parts_; }
  Sum* new_sum() { return &sums_.emplace_back(); }
  // What a person is told.
  std::string explain(const Problem& problem) const;

 private:
  struct KnownUnit {
    std::optional<Unit> unit;
    Text text{};
  };
  // Units that a lane remembers; more than that many spellings are no units.
  static constexpr size_t kMostUnits = 4096;
  const KnownUnit& unit(std::string_view text);
  void forget_units();
  Text product_text(Text a, Text b);
  // A word of the program as text that stays; there are few of them.
  Text word(std::string_view word);
  const KnownUnit* unit_of(Input quantity);
  Gap missing() const { return has_data_ ? Gap::kMissingInput : Gap::kNoData; }
  void read_region(std::string_view text);
  void read_currency(Input in, Amount* money);
  double net_of_tax(double spend);
  PriceBasis price_basis();
  // Brings money to the factor's currency and base year, as the amount of `term`.
  bool bring_to(const Factor& factor, const Amount& money, Term* term);
  static uint64_t key_of(std::string_view technology) {
    return technology.empty() ? 0 : technology_key(technology);
  }
  // A text too many would go over the stack, and the processor waits for that.
  struct KnownClass {
    const char* text = nullptr;  // the code, where it stands in the batch
    uint32_t number = FactorTable::kNoClass;
    Specificity level = Specificity::kExact;
  };
  // Of a row that has a date.
  int32_t year_of(int64_t row) const {
    return chunkmill::detail::year_from_days(cells_.day(common_.date, row));
  }
  KnownClass class_of(std::string_view code) const;
  Found lookup(std::string_view code, Boundary boundary, const Amount& per, uint64_t technology,
               bool note);
  Found resolve(std::string_view code, Boundary boundary, const Amount& per, uint64_t technology,
                bool note);
  void read_activity_quality();
  Resolution resolve_now(const KnownClass& activity_class, Boundary boundary, Dimension per,
                         std::string_view technology) const;
  bool read_own_unit(Input quantity, Factor* out);
  bool read_own_factor(Boundary boundary, Input quantity, Factor* out);

  const Broker& broker_;
  const Inputs& inputs_;
  const CommonInputs& common_;
  Cells cells_;
  const Batch* batch_ = nullptr;
  int64_t row_ = 0;
  Circumstances circumstances_;  // for choosing factors
  bool region_is_known_ = true;
  // Neighbours mostly have the same.
  struct {
    std::string text;
    uint64_t key = 0;
    bool known = true;
  } last_region_;
  int32_t activity_day_ = 0;
  FactorCache cache_;
  // Of the rows of the block, by their activity codes.
  std::vector<KnownClass> classes_;
  int64_t first_known_class_ = 0;  // the row of the first one

  // Of the estimate.
  Problem problem_;
  bool has_data_ = false;
  bool unverified_ = false;
  Flags flags_ = 0;
  Text kind_{};
  uint8_t pcaf_score_ = 0;
  double kg_ = 0;
  bool optional_ = false;
  double group_share_ = -1;  // negative: the formula has none
  uint32_t parts_here_ = 0;
  uint32_t parts_needed_ = 0;
  size_t term_count_ = 0;
  Term* first_ = nullptr;
  std::vector<Term> more_;
  Problem row_problem_;  // of what all methods read: kNone, or they all fail with it
  Quality activity_quality_;
  double activity_variance_ = 0;
  double default_variance_ = 0;

  // Of the batch: whether there is anything to read for these.
  bool has_tax_ = false;
  bool has_price_basis_ = false;

  // Of the lane.
  struct KnownCurrency {
    std::string text;  // as rows write it
    Currency currency = 0;
    Text name{};
  };
  KnownCurrency last_currency_;
  struct KnownProduct {
    Text a{}, b{}, text{};
  };
  KnownProduct last_product_;
  std::vector<Text> words_;
  TextArena word_texts_;
  KeyIndex unit_index_;
  std::deque<KnownUnit> units_;
  TextArena unit_texts_;
  const KnownUnit* last_known_ = nullptr;
  // Of the block.
  std::deque<Factor> own_factors_;
  std::deque<FactorTexts> own_shared_;
  TextArena texts_;
  std::vector<Part> parts_;
  std::deque<Sum> sums_;
};

}  // namespace chunkmill::scope3
