// Start here: what the fifteen categories share, and how one is written.
//
//   class Waste : public Category {
//    public:
//     static constexpr Info kInfo{"scope3.waste", "1.0.0", "GHG Protocol ...", CM_CALCULATOR_PURE};
//     Waste() : Category({kInfo, 5, bit(Boundary::kEndOfLife), kNoSpend}) {}
//
//    private:
//     void inputs(Inputs& in) override {
//       mass_ = in.quantity("waste", "mass of waste", Dimension::kMass);
//       treatment_ = in.text("treatment", "landfill, incineration, ...");
//     }
//     std::vector<Method> methods() const override {
//       return {method<&Waste::waste_type_specific>("waste_type_specific", {mass_, treatment_}),
//               method<&Waste::average_data>("average_data", {mass_, share_})};
//     }
//     void waste_type_specific(Formula& f) const {                                        // [5.2]
//       const Amount mass = f.amount(mass_);
//       f.add(mass, f.factor(f.activity(), Boundary::kEndOfLife, mass, f.text(treatment_)));
//     }
//     ...
//   };
//
// - Methods stand in the guidance's order of precedence, each with the inputs without which it has
// no
//   data. For each row they are tried in that order: the first that gives an estimate is the
//   result, the next one the runner-up.
// - A formula reads inputs and factors from a Formula and adds terms to it, see formula.hpp. What
//   is missing or does not fit ends it by itself. It is const and keeps nothing of its own.
// - inputs() declares the columns, options() what else the user can set, load() reads lookups of
//   the category's own. Date, region, activity, supplier, the row's own factor, and spend where the
//   category has it, are declared for all: see CommonInputs.
// - Rows that need several inputs come as one row (add several terms) or as several rows with the
//   column that `columns.group` names: each is calculated by itself, by the same method, and
//   Category adds them up; nothing is to be done for that. Shares that make up the whole of a group
//   are read by percent_of_group(), and must be 100 % together.
// - Removals and avoided emissions are no part of a result. Biogenic CO2 is beside it by itself.
// - Boundaries are those of the factors that the category needs; others are not even loaded.
//
// Threads: read-only once bound; a Lane for each worker.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/broker.hpp"
#include "plugins/calculators/scope3/common/carried.hpp"
#include "plugins/calculators/scope3/common/formula.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"
#include "plugins/calculators/scope3/common/parts.hpp"
#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {

class Category;

struct Method {
  std::string_view name;
  void (*apply)(const Category&, Formula&);
  std::vector<Input> needs;  // without one of these it is not tried
};

// A method by its name in the guidance, at most kTextPad characters.
template <auto kFormula>
Method method(std::string_view name, std::vector<Input> needs);

enum HasSpend : bool { kNoSpend, kSpend };

// See Definition.
inline constexpr bool kMinimumIsCombustion = true;
inline constexpr bool kKindsApart = true;

struct Definition {
  Info info;
  int32_t number = 0;
  Boundaries boundaries = 0;
  HasSpend spend = kNoSpend;
  // Scope 1 and 2 of another is what must be counted: `boundary: minimum` is then the use of energy.
  bool minimum_is_combustion = false;
  // Lines of different kinds are never added up in one result: see Formula::kind().
  bool kinds_apart = false;
};

class Category : public BatchCalculator {
 public:
  struct Lane {
    explicit Lane(const Category& of) : formula(of.broker_, of.inputs_, of.common_) {}

    Formula formula;
    Term other;  // of a runner-up
    Problem problem;
    std::vector<Line> lines;
    std::vector<uint64_t> hashes;
    std::vector<int64_t> group;     // rows of the group in hand
    std::vector<Problem> problems;  // beside it
    ResultScratch scratch;
  };

  virtual ~Category() = default;
  Category(const Category&) = delete;
  Category& operator=(const Category&) = delete;
  void configure(Options& opt);
  void bind(Columns& columns);
  void process(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors) const;

 protected:
  explicit Category(const Definition& definition) : definition_(definition) {}

  virtual void inputs(Inputs& in) = 0;
  // In order of precedence; asked after inputs().
  virtual std::vector<Method> methods() const = 0;
  virtual void options(Options& opt) { (void)opt; }
  virtual void load(const Broker& broker) { (void)broker; }
  // A stream of the category's own beside the results: true where the job wants one and it is
  // declared. It is told of each result, in their order, while `f` stands at its row.
  virtual bool declare_stream(Columns& columns) {
    (void)columns;
    return false;
  }
  virtual void write_stream(Formula& f, double kg_co2e, std::string_view result_id,
                            Outputs& out) const {
    (void)f, (void)kg_co2e, (void)result_id, (void)out;
  }
  // Over options that change numbers; those of the broker are in already.
  virtual void hash_options(Hasher& hasher) const { (void)hasher; }

  const CommonInputs& common() const { return common_; }
  Input spend() const { return common_.spend; }

 private:
  struct Sums {
    double kg_co2e = 0;
    double in_inventory_kg = 0;      // without what an inventory counts apart
    std::array<int64_t, 16> rows{};  // by method
  };
  enum class Duplicates { kAllow, kReject };
  struct GroupFailure {
    Problem problem;
    size_t at = 0;  // of the group's rows
  };
  // Whether a row has what a method cannot do without.
  bool has_data(const Formula& f, size_t method) const {
    for (const Input in : all_methods_[method].needs)
      if (!f.has(in)) return false;
    return true;
  }
  size_t method_named(const std::string& name, std::string_view option) const;
  void choose_methods();
  void make_words();
  void check_carried_currency() const;
  void declare_carried(Columns& columns);

  void process_rows(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors,
                    Sums* sums) const;
  void process_groups(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors,
                      Sums* sums) const;
  // False when the row is not to be calculated, with what to report; else `problem` is as it was.
  bool check_row(const Formula& f, const Batch& batch, int64_t row, Problem* problem) const;
  bool check_category(const Formula& f, int64_t row, Problem* problem) const;
  // False when there is no estimate, with what to report.
  bool calculate(Lane& lane, Line* line, Problem* problem) const;
  bool group_has_data(const Formula& f, size_t method, const std::vector<int64_t>& rows) const;
  // All rows of a group by one method.
  bool calculate_group_by(Formula& f, size_t method, const std::vector<int64_t>& rows, Line* line,
                          GroupFailure* failure) const;
  bool calculate_group(Lane& lane, Line* line) const;
  // Each row by a method of its own, where `failed` was the best one for all of them.
  bool calculate_group_apart(Lane& lane, size_t failed, const GroupFailure& failure,
                             Line* line) const;
  // The row that is alone in its group.
  bool calculate_single(Lane& lane, Line* line) const;
  // The rows of lane.group; those that are not in scope are reported and left out.
  bool settle_group(Lane& lane, Line* line, RowErrors& errors) const;
  // Fills lane.group with the rows from `begin` to `end` that are in scope.
  bool begin_group(Lane& lane, const Batch& batch, int64_t begin, int64_t end,
                   RowErrors& errors) const;
  // Reports all rows of lane.group that have a problem.
  void reject_group(Lane& lane, RowErrors& errors) const;
  void report(Formula& f, int64_t row, const Problem& problem, RowErrors& errors) const;
  // Adds the kind of a row to those of its group: "transport, storage".
  static void add_kind(Formula& f, Text kind, Text* kinds);
  static void add_to(const Line& line, Sums* sums);
  // What the rows of lane.group have spent; NaN where that is nothing, or in several currencies.
  double spend_of_group(const Lane& lane) const;
  const Text* reason_for(size_t method, size_t failed, Gap gap) const;
  void flush(Lane& lane, Outputs& out) const;
  void publish(const Sums& sums) const;

  const Definition definition_;
  Broker broker_;
  Inputs inputs_;
  CommonInputs common_;
  std::optional<ColumnName> id_;
  std::vector<ColumnName> carry_;
  std::vector<std::string> methods_allowed_;
  std::string method_ = "auto";
  Detail detail_ = Detail::kStandard;
  Duplicates duplicates_ = Duplicates::kAllow;
  bool explain_ = false;
  bool parts_wanted_ = false;

  std::vector<Method> all_methods_;  // in order of precedence
  std::vector<size_t> allowed_;      // by the job
  std::vector<size_t> methods_;      // those of allowed_ whose columns are there
  bool forced_ = false;
  bool grouped_ = false;
  bool own_stream_ = false;
  bool checks_scope_ = false;  // there is a column that says that a row is not ours
  bool has_id_ = false;
  int spend_column_ = -1;  // in the batch; -1: there is none
  bool currency_said_ = false;
  CarriedColumns carried_;
  ResultWords words_;
  ResultColumns results_;
  PartColumns parts_;
  TextArena texts_;
  Text forced_text_, first_text_, no_data_text_;
  std::vector<std::array<Text, kGaps>> failed_texts_;  // by method
};

template <auto kFormula>
Method method(std::string_view name, std::vector<Input> needs) {
  return {name,
          [](const Category& category, Formula& f) {
            const auto call = [&]<typename T>(void (T::*formula)(Formula&) const) {
              (static_cast<const T&>(category).*formula)(f);
            };
            call(kFormula);
          },
          std::move(needs)};
}

}  // namespace chunkmill::scope3
