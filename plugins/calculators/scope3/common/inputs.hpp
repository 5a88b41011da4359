// The input columns of a category, by canonical name: declared once, in the category's inputs(),
// which makes the options `columns` and `units`, the needs and the cells that formulas read.
//
// Threads: read-only once bound.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "chunkmill/host.hpp"
#include "plugins/calculators/scope3/common/text.hpp"
#include "plugins/calculators/scope3/common/units.hpp"

namespace chunkmill::scope3 {

// A declared column.
class Input {
 public:
  Input() = default;
  bool operator==(const Input&) const = default;

 private:
  friend class Inputs;
  friend class Cells;
  explicit Input(size_t index) : index_(static_cast<uint8_t>(index)) {}
  static constexpr uint8_t kNone = 255;
  uint8_t index_ = kNone;
};

class Inputs {
 public:
  // Text, as it stands.
  Input text(std::string_view name, std::string_view what);
  Input number(std::string_view name, std::string_view what);
  // 8.5 for 8.5 %: the name ends in _percent.
  Input percent(std::string_view name, std::string_view what);
  Input yes_no(std::string_view name, std::string_view what);
  Input date(std::string_view name, std::string_view what);
  // A number with a unit: the one that its column carries, or of the job's `units`, which must not
  // contradict each other; else from the column <name>_unit, or `unit_name`. `only`: its dimension,
  // where just one makes sense.
  Input quantity(std::string_view name, std::string_view what,
                 std::optional<Dimension> only = std::nullopt, std::string_view unit_name = {});
  // Money, net of nothing. Its currency is the unit that its column carries; else it is in the
  // column `currency`, or in the job's option.
  Input money(std::string_view name, std::string_view what);
  // Of an input that is neither: a method may begin with it all the same.
  void begins_method(Input in) { at(in).begins_method = true; }
  // Of a number: it is money in the currency of the spend.
  void is_of_spend(Input in) { at(in).is_of_spend = true; }

  void clear() { columns_.clear(); }
  // Declares `columns` and `units`; `id` is no input of a formula, but named among them.
  void configure(Options& opt, std::optional<ColumnName>* id);
  // Tells `host` of unit columns that are not read, as the amounts carry their unit.
  void bind(Columns& columns, const Host& host);

  // Throws Error(CM_INVALID) when nothing is there that a method may begin with.
  void check_any_amount() const;

  bool present(Input in) const { return at(in).bound >= 0; }
  bool named(Input in) const { return at(in).given.has_value(); }
  // How the job calls it.
  std::string name(Input in) const;
  Input unit_of(Input in) const { return Input(at(in).unit_column); }
  // Its place in the batch, -1: not there; and the unit that the column carries.
  int bound(Input in) const { return at(in).bound; }
  const std::string& carried_unit(Input in) const { return at(in).carried; }

  struct FixedUnit {
    Unit unit{};
    Text text{};
  };
  // The unit that all rows of a quantity share, or null.
  const FixedUnit* fixed_unit(Input in) const { return at(in).fixed ? &*at(in).fixed : nullptr; }
  std::optional<Dimension> only(Input in) const { return at(in).only; }
  // The currency that the column of a money input carries as its unit; 0: it carries none.
  Currency fixed_currency(Input in) const { return at(in).fixed_currency; }

 private:
  friend class Cells;
  enum class Kind : uint8_t { kText, kNumber, kYesNo, kDate };
  struct Column {
    std::string name;
    std::string what;
    Kind kind = Kind::kText;
    bool is_quantity = false;
    bool is_money = false;
    bool begins_method = false;
    bool is_of_spend = false;
    std::string carried{};
    std::optional<Dimension> only{};
    uint8_t unit_column = Input::kNone;
    std::optional<ColumnName> given{};
    std::string unit_given{};
    int bound = -1;  // in the batch
    std::optional<FixedUnit> fixed{};
    Currency fixed_currency = 0;
  };

  Column& at(Input in) { return columns_[in.index_]; }
  const Column& at(Input in) const { return columns_[in.index_]; }
  Input add(std::string_view name, std::string_view what, Kind kind);
  void bind_unit(const std::string& carried, Column* quantity, const Host& host);
  void bind_currency(const std::string& carried, Column* money, const Host& host);
  void refuse_currency(const Column& number) const;
  void tell_not_read(const Column& amount, const std::string& carried, const Host& host);

  std::vector<Column> columns_;
  std::unordered_set<std::string> told_;  // bind() runs more than once
  TextArena texts_;
};

// The columns of the batch in hand. A lane's own.
class Cells {
 public:
  void point_to(const Inputs& inputs, const Batch& batch) {
    refs_.assign(inputs.columns_.size(), ColumnRef());
    for (size_t i = 0; i < refs_.size(); ++i)
      if (const int bound = inputs.columns_[i].bound; bound >= 0)
        refs_[i] = ColumnRef(*batch.abi()->children[bound], batch.abi()->offset);
  }
  bool has(Input in, int64_t row) const {
    const ColumnRef& ref = refs_[in.index_];
    return ref.values != nullptr && !ref.is_null(row);
  }
  // Only where has() is true.
  double number(Input in, int64_t row) const { return ColumnView<double>(refs_[in.index_])[row]; }
  bool yes(Input in, int64_t row) const { return ColumnView<bool>(refs_[in.index_])[row]; }
  int32_t day(Input in, int64_t row) const { return ColumnView<Date>(refs_[in.index_])[row].days; }
  // Trimmed; empty where there is none.
  [[gnu::always_inline]] std::string_view text(Input in, int64_t row) const {
    if (!has(in, row)) return {};
    const std::string_view text = ColumnView<std::string_view>(refs_[in.index_])[row];
    // Nothing to trim, as a rule.
    const auto is_dark = [](char c) { return static_cast<unsigned char>(c) > ' '; };
    if (text.empty() || (is_dark(text.front()) && is_dark(text.back()))) [[likely]]
      return text;
    return trim(text);
  }

 private:
  std::vector<ColumnRef> refs_;
};

}  // namespace chunkmill::scope3
