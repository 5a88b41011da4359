// The input of category 1: which columns a purchase has, and one row of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/carried.hpp"
#include "plugins/calculators/scope3/common/factor_table.hpp"
#include "plugins/calculators/scope3/common/spend.hpp"

namespace chunkmill::scope3 {

// The job's names for the columns of a purchase. One that is not named is used under its canonical
// name where the input has such a column.
struct PurchaseColumnNames {
  std::optional<ColumnName> id, spend, activity, currency, date, region, quantity, unit, supplier,
      supplier_factor, supplier_factor_unit, supplier_factor_boundary, supplier_factor_source;

  // Declares `columns`.
  void configure(Options& opt);
};

// The columns as they were bound.
struct PurchaseColumns {
  In<std::optional<double>> spend, quantity, supplier_factor;
  In<std::optional<Date>> date;
  In<std::optional<std::string_view>> activity, currency, region, unit, supplier,
      supplier_factor_unit, supplier_factor_boundary, supplier_factor_source;

  void bind(Columns& columns, const PurchaseColumnNames& names);
};

// A column of the batch in hand, or one that is not there.
template <typename T>
class Cells {
 public:
  Cells(const Batch& batch, In<std::optional<T>> in)
      : present_(in.present()),
        view_(in.present() ? batch.column<T>(static_cast<size_t>(in.column())) : ColumnView<T>()) {}

  bool present() const { return present_; }
  bool has(int64_t row) const { return present_ && !view_.is_null(row); }
  T operator[](int64_t row) const { return view_[row]; }
  // Empty where there is none.
  std::string_view text(int64_t row) const requires std::is_same_v<T, std::string_view> {
    return has(row) ? trim(view_[row]) : std::string_view();
  }

 private:
  bool present_;
  ColumnView<T> view_;
};

// The columns of one batch.
struct Purchases {
  Purchases(const Batch& batch, const PurchaseColumns& in)
      : spend(batch, in.spend),
        quantity(batch, in.quantity),
        supplier_factor(batch, in.supplier_factor),
        date(batch, in.date),
        activity(batch, in.activity),
        currency(batch, in.currency),
        region(batch, in.region),
        unit(batch, in.unit),
        supplier(batch, in.supplier),
        supplier_factor_unit(batch, in.supplier_factor_unit),
        supplier_factor_boundary(batch, in.supplier_factor_boundary),
        supplier_factor_source(batch, in.supplier_factor_source) {}

  Cells<double> spend, quantity, supplier_factor;
  Cells<Date> date;
  Cells<std::string_view> activity, currency, region, unit, supplier, supplier_factor_unit,
      supplier_factor_boundary, supplier_factor_source;
};

// One purchase, with what every method wants to know of it.
struct Purchase {
  const Purchases& in;
  int64_t row;
  std::string_view code;  // empty: none is given
  Activity activity;
  Circumstances circumstances;
};

}  // namespace chunkmill::scope3
