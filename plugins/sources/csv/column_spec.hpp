// What is known of columns: what the options say of one, and what the batches hold.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/column_specs.hpp"
#include "chunkmill/parse.hpp"
#include "encoding.hpp"
#include "number_text.hpp"

namespace chunkmill::csv {

// An entry of the option `columns`: `spend: float`, or `paid: {type: date, format: "%d.%m.%Y"}`.
struct ColumnSpec {
  std::string type = "string";
  std::string unit;
  std::string format;  // of a date or timestamp, see date_format.hpp; empty: ISO 8601

  static constexpr std::string_view kExpected =
      "a map from column names to types, or to {type, unit, format}";
  static constexpr files::ColumnKey<ColumnSpec> kKeys[] = {
      {"type", &ColumnSpec::type}, {"unit", &ColumnSpec::unit}, {"format", &ColumnSpec::format}};

  bool operator==(const ColumnSpec&) const = default;
};
using ColumnSpecs = files::ColumnSpecs<ColumnSpec>;

// A column that batches hold.
struct OutputColumn {
  Field field;
  std::string format;
};

// How the text of a value is understood, whatever its column.
struct ValueRules {
  std::vector<std::string> null_values = {""};
  NumberStyle numbers;
  Encoding encoding;
  Fractions fractions = Fractions::kReject;  // of seconds, behind the microsecond

  // The rules of a file that nothing was said about: the fast paths are for it.
  bool only_empty_is_null() const { return null_values.size() == 1 && null_values[0].empty(); }
  // Quotes around text say that it is meant as it stands; a number in quotes is still a number.
  bool is_null(std::string_view text, bool quoted, Type type) const {
    if (quoted && type == Type::kUtf8) return false;
    for (const std::string& null_value : null_values)
      if (text == null_value) return true;
    return false;
  }
};

}  // namespace chunkmill::csv
