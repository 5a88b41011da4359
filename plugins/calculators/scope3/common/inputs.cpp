#include "plugins/calculators/scope3/common/inputs.hpp"

#include <algorithm>

#include "chunkmill/error.hpp"

namespace chunkmill::scope3 {

Input Inputs::add(std::string_view name, std::string_view what, Kind kind) {
  for (size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].name == name) return Input(i);  // of two quantities with one unit column
  if (columns_.size() == Input::kNone) throw Error(CM_INTERNAL, "more than 255 inputs");
  Column column;
  column.name = name;
  column.what = what;
  column.kind = kind;
  columns_.push_back(std::move(column));
  return Input(columns_.size() - 1);
}

Input Inputs::text(std::string_view name, std::string_view what) {
  return add(name, what, Kind::kText);
}
Input Inputs::number(std::string_view name, std::string_view what) {
  return add(name, what, Kind::kNumber);
}
Input Inputs::percent(std::string_view name, std::string_view what) {
  return add(name, what, Kind::kNumber);
}
Input Inputs::yes_no(std::string_view name, std::string_view what) {
  return add(name, what, Kind::kYesNo);
}
Input Inputs::date(std::string_view name, std::string_view what) {
  return add(name, what, Kind::kDate);
}

Input Inputs::quantity(std::string_view name, std::string_view what, std::optional<Dimension> only,
                       std::string_view unit_name) {
  const Input value = add(name, what, Kind::kNumber);
  const std::string unit = unit_name.empty() ? std::string(name) + "_unit" : std::string(unit_name);
  const Input its_unit = add(unit, "unit of `" + std::string(name) + "`", Kind::kText);
  at(value).is_quantity = true;
  at(value).only = only;
  at(value).unit_column = its_unit.index_;
  return value;
}

Input Inputs::money(std::string_view name, std::string_view what) {
  const Input value = add(name, what, Kind::kNumber);
  at(value).is_money = true;
  at(value).unit_column = add("currency", "ISO 4217 code of the money", Kind::kText).index_;
  return value;
}

void Inputs::configure(Options& opt, std::optional<ColumnName>* id) {
  opt.group("columns", "the job's names for our columns; default: the column of the same name",
            [&](Options& inside) {
              inside.optional("id", *id, "what identifies a row; repeated in the result");
              for (Column& column : columns_)
                inside.optional(column.name, column.given, column.what);
            });
  opt.group("units", "units of quantities that have no column for it", [&](Options& inside) {
    for (Column& column : columns_)
      if (column.is_quantity)
        inside.optional(column.name, column.unit_given, "of all rows: kg, t, kWh, km, ...");
  });
}

void Inputs::bind(Columns& columns, const Host& host) {
  // A column that the job names must be there; one under its canonical name may be missing.
  const auto bind_as = [&]<typename T>(Column* column, T) {
    using Cell = std::optional<T>;
    const In<Cell> in = column->given
                            ? columns.in<Cell>(column->given->value, {}, "columns." + column->name)
                            : columns.in_if_present<Cell>(column->name);
    column->bound = in.column();
  };
  for (Column& column : columns_) {
    switch (column.kind) {
      case Kind::kText:
        bind_as(&column, std::string_view());
        break;
      case Kind::kNumber:
        bind_as(&column, double());
        break;
      case Kind::kYesNo:
        bind_as(&column, bool());
        break;
      case Kind::kDate:
        bind_as(&column, Date());
        break;
    }
  }
  for (Column& column : columns_) {
    column.fixed.reset();
    column.fixed_currency = 0;
    column.carried.clear();
    if (column.bound < 0) continue;
    const std::string& carried = columns.available()[static_cast<size_t>(column.bound)].unit;
    column.carried = carried;
    if (column.is_quantity) bind_unit(carried, &column, host);
    if (column.is_money && !carried.empty()) bind_currency(carried, &column, host);
    if (!column.is_quantity && !column.is_money) refuse_currency(column);
  }
}

// A calculator before this one may have converted the amounts: the column with the units that they
// had before is still there.
void Inputs::tell_not_read(const Column& amount, const std::string& carried, const Host& host) {
  const Column& of_units = columns_[amount.unit_column];
  if (of_units.bound < 0) return;
  const std::string name = amount.given ? amount.given->value : amount.name;
  const std::string other = of_units.given ? of_units.given->value : of_units.name;
  if (told_.insert(name).second)
    host.warn("column \"" + name + "\" carries the unit " + carried + ": column \"" + other +
              "\" is not read for it");
}

// A number of a formula has no currency: one that was converted to it would be taken as another.
void Inputs::refuse_currency(const Column& number) const {
  if (number.kind != Kind::kNumber || number.is_of_spend) return;
  if (parse_unit(number.carried) || parse_currency(number.carried) == 0) return;
  const std::string name = number.given ? number.given->value : number.name;
  throw Error(CM_INVALID, "column \"" + name + "\" carries the unit " + number.carried +
                              ", and is read as a number that is no money")
      .at("columns." + number.name);
}

void Inputs::bind_currency(const std::string& carried, Column* money, const Host& host) {
  money->fixed_currency = parse_unit(carried) ? 0 : parse_currency(carried);
  if (money->fixed_currency == 0) {
    const std::string name = money->given ? money->given->value : money->name;
    throw Error(CM_INVALID, "column \"" + name + "\" carries the unit \"" + carried +
                                "\", which is not an ISO 4217 code like USD: it is not money")
        .at("columns." + money->name);
  }
  tell_not_read(*money, carried, host);
}

void Inputs::bind_unit(const std::string& carried, Column* quantity, const Host& host) {
  const Column& unit_column = columns_[quantity->unit_column];
  const std::string option = "units." + quantity->name;
  const std::string named = quantity->given ? quantity->given->value : quantity->name;
  const std::string& text = quantity->unit_given.empty() ? carried : quantity->unit_given;
  if (text.empty() && unit_column.bound >= 0) return;
  if (text.empty())
    throw Error(CM_INVALID, "column \"" + named + "\" has no unit: there is no column \"" +
                                (unit_column.given ? unit_column.given->value : unit_column.name) +
                                "\"; give `units: {" + quantity->name + ": ...}`")
        .at(option);
  const std::optional<Unit> unit = parse_unit(text);
  const std::string_view hint = ambiguous_unit(text);
  if (!unit)
    throw Error(CM_INVALID, "unit \"" + text + "\" is not known" +
                                (hint.empty() ? "" : "; " + std::string(hint)))
        .at(option);
  const std::optional<Unit> other = parse_unit(carried);
  if (!carried.empty() &&
      (!other || other->dimension != unit->dimension || other->size != unit->size))
    throw Error(CM_INVALID, "column \"" + named + "\" carries the unit \"" + carried +
                                "\", and the job says \"" + text +
                                "\": leave one of the two out, or convert the column")
        .at(option);
  if (quantity->only && *quantity->only != unit->dimension)
    throw Error(CM_INVALID, "unit \"" + text + "\" is of " +
                                std::string(dimension_name(unit->dimension)) + ", where " +
                                std::string(dimension_name(*quantity->only)) + " is needed")
        .at(option);
  quantity->fixed = FixedUnit{*unit, texts_.intern(text)};
  if (!carried.empty()) tell_not_read(*quantity, carried, host);
}

void Inputs::check_any_amount() const {
  std::string names;
  std::string first;
  for (const Column& column : columns_) {
    if (column.unit_column == Input::kNone && !column.begins_method) continue;
    if (column.bound >= 0 || column.given) return;  // one that is named is the host's to report
    if (first.empty()) first = column.name;
    names += (names.empty() ? "" : ", ") + column.name;
  }
  if (!names.empty())
    throw Error(CM_INVALID,
                "there is none of the columns that methods begin with (" + names + "): name one")
        .at("columns." + first);
}

std::string Inputs::name(Input in) const {
  if (in.index_ >= columns_.size()) return {};
  const Column& column = at(in);
  return column.given ? column.given->value : column.name;
}

}  // namespace chunkmill::scope3
