// A stream of rows of one kind, written from a list of what its columns hold.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

template <typename Row>
struct OutputColumn {
  std::string_view name;
  Type type = Type::kUtf8;
  std::string_view unit;
  std::function<void(const Row&, ColumnBuilder&)> append;
};

// To the 15 digits that a double surely has: 0.3, and not 0.30000000000000004.
double shown(double value, int digits = 15);

// NaN is null.
template <typename Row, typename Of>
OutputColumn<Row> number(std::string_view name, Of of, std::string_view unit = {}) {
  return {name, Type::kFloat64, unit, [of](const Row& row, ColumnBuilder& to) {
            const double value = std::invoke(of, row);
            if (std::isnan(value)) return to.append_null();
            to.append(shown(value));
          }};
}
// An estimate, to nine digits: the last ones of a logarithm differ from processor to processor.
template <typename Row, typename Of>
OutputColumn<Row> estimate(std::string_view name, Of of, std::string_view unit = {}) {
  constexpr int kDigits = 9;
  return number<Row>(
      name, [of](const Row& row) { return shown(std::invoke(of, row), kDigits); }, unit);
}
template <typename Row, typename Of>
OutputColumn<Row> count(std::string_view name, Of of) {
  return {name, Type::kInt64, {}, [of](const Row& row, ColumnBuilder& to) {
            to.append(static_cast<int64_t>(std::invoke(of, row)));
          }};
}
// Empty is null.
template <typename Row, typename Of>
OutputColumn<Row> text(std::string_view name, Of of) {
  return {name, Type::kUtf8, {}, [of](const Row& row, ColumnBuilder& to) {
            const auto& value = std::invoke(of, row);
            if (value.empty()) return to.append_null();
            to.append(std::string_view(value));
          }};
}
// 0, which stands for all of them, is null.
template <typename Row, typename Of>
OutputColumn<Row> category(std::string_view name, Of of) {
  return {name, Type::kInt32, {}, [of](const Row& row, ColumnBuilder& to) {
            const int value = std::invoke(of, row);
            if (value == 0) return to.append_null();
            to.append(int32_t{value});
          }};
}

template <typename Row>
class OutputTable {
 public:
  explicit OutputTable(std::vector<OutputColumn<Row>> columns) : columns_(std::move(columns)) {}

  // After what the stream holds already.
  void declare(Stream& stream) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const auto& [name, type, unit, append] = columns_[i];
      Field field{std::string(name), type, true, std::string(unit)};
      // The type of the handle plays no part: columns are found by their numbers.
      const Out<double> out = stream.add<double>(std::move(field));
      if (i == 0) first_ = out;
    }
  }
  void write(const Row& row, Outputs& out) const {
    BatchBuilder& stream = out.stream(first_.stream());
    for (size_t i = 0; i < columns_.size(); ++i)
      columns_[i].append(row, stream[first_.column() + i]);
  }
  size_t stream() const { return first_.stream(); }

 private:
  std::vector<OutputColumn<Row>> columns_;
  Out<double> first_;
};

// A stream of its own, whose rows begin with whose inventory they are of.
template <typename Row>
class ReportTable {
 public:
  ReportTable(std::string name, std::vector<OutputColumn<Row>> columns)
      : name_(std::move(name)), table_(std::move(columns)) {}

  void declare(Columns& columns) {
    Stream& stream = columns.stream(name_);
    organisation_ = stream.out<std::string_view>("organisation");
    year_ = stream.out<int32_t>("year");
    table_.declare(stream);
  }
  void write(const Header& header, int64_t parent, const std::vector<Row>& rows,
             Outputs& out) const {
    for (const Row& row : rows) {
      if (header.organisation.empty()) {
        out[organisation_].append_null();
      } else {
        out[organisation_].append(std::string_view(header.organisation));
      }
      out[year_].append(header.year);
      table_.write(row, out);
      out.parent(table_.stream(), parent);
    }
  }

 private:
  std::string name_;
  OutputTable<Row> table_;
  Out<std::string_view> organisation_;
  Out<int32_t> year_;
};

}  // namespace chunkmill::scope3
