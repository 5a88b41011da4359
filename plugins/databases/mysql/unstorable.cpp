#include "plugins/databases/mysql/unstorable.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "plugins/databases/mysql/calendar.hpp"
#include "plugins/databases/mysql/dialect.hpp"

namespace chunkmill::mysql {
namespace {

sql::BadRow bad(int64_t row, std::string code, const Field& field, const std::string& why) {
  sql::BadRow out;
  out.row = row;
  out.code = std::move(code);
  out.column = field.name;
  out.message = "column \"" + field.name + "\" " + why;
  return out;
}

void find_numbers(const Batch& batch, const Field& field, size_t source,
                  const Unstorable::Report& report) {
  const ColumnView<double> values = batch.column<double>(source);
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    if (std::isfinite(values[row]) || values.is_null(row)) continue;
    if (std::isnan(values[row])) {
      report(bad(row, "not_a_number", field, "is NaN, which MariaDB cannot store"));
    } else {
      report(bad(row, "out_of_range", field, "is infinite, which MariaDB cannot store"));
    }
  }
}

void find_dates(const Batch& batch, const Field& field, size_t source,
                const Unstorable::Report& report) {
  const ColumnView<Date> values = batch.column<Date>(source);
  for (int64_t row = 0; row < batch.row_count(); ++row)
    if (!is_storable_day(values[row].days) && !values.is_null(row))
      report(bad(row, "out_of_range", field, "lies outside the years 0000 to 9999"));
}

void find_timestamps(const Batch& batch, const Field& field, size_t source, int64_t finest,
                     const Unstorable::Report& report) {
  const ColumnView<Timestamp> values = batch.column<Timestamp>(source);
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    const int64_t micros = values[row].micros;
    if (is_storable_day(day_of(micros)) && micros % finest == 0) continue;
    if (values.is_null(row)) continue;
    if (!is_storable_day(day_of(micros))) {
      report(bad(row, "out_of_range", field, "lies outside the years 0000 to 9999"));
    } else {
      report(bad(row, "out_of_range", field,
                 "has a finer part of a second than the table's column keeps; declare it "
                 "DATETIME(6)"));
    }
  }
}

void find_spaces(const Batch& batch, const Field& field, size_t source,
                 const Unstorable::Report& report) {
  const auto values = batch.column<std::string_view>(source);
  for (int64_t row = 0; row < batch.row_count(); ++row)
    if (!values.is_null(row) && values[row].ends_with(' '))
      report(bad(row, "wrong_type", field,
                 "ends with a space, which a CHAR column drops; declare it VARCHAR"));
}

void find_nulls(const Batch& batch, const Field& field, size_t source,
                const Unstorable::Report& report) {
  const ColumnRef values(*batch.abi()->children[source], batch.abi()->offset);
  if (values.validity == nullptr) return;
  for (int64_t row = 0; row < batch.row_count(); ++row)
    if (values.is_null(row)) {
      report({row, "not_null", field.name, "key column \"" + field.name + "\" is null", {}, 0});
    }
}

int64_t finest_micros(const std::string& type) {
  int64_t finest = 1;
  for (int places = ColumnType::parse(type).second_places(); places < 6; ++places) finest *= 10;
  return finest;
}

}  // namespace

Unstorable::Unstorable(const sql::Target& target, const std::vector<TableColumn>& columns) {
  for (size_t i = 0; i < target.fields.size(); ++i) {
    Column& column = columns_.emplace_back();
    column.field = target.fields[i];
    column.source = target.sources[i];
    column.is_upsert_key = target.mode == sql::Mode::kUpsert && target.is_key(i);
    for (const TableColumn& existing : columns) {
      if (!sql::equal_ignoring_case(existing.name, column.field.name)) continue;
      column.drops_spaces = ColumnType::parse(existing.type).name == "char";
      column.finest_micros = finest_micros(existing.type);
      column.is_set = ColumnType::parse(existing.type).name == "set";
      column.words = words_of(existing.type);
      std::sort(column.words.begin(), column.words.end());
    }
  }
}

// The server would take "2" for the second word, "LOW" for "low", and "low " as well.
void Unstorable::find_other_words(const Batch& batch, const Column& column, const Report& report) {
  const auto is_word = [&](std::string_view text) {
    return std::binary_search(column.words.begin(), column.words.end(), text, std::less<>());
  };
  const auto is_set_of_words = [&](std::string_view text) {
    for (size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
      if (!is_word(text.substr(0, comma))) return false;
      text.remove_prefix(comma + 1);
    }
    return is_word(text);
  };
  const auto values = batch.column<std::string_view>(column.source);
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    const std::string_view text = values[row];
    if (values.is_null(row) || is_word(text)) continue;
    if (column.is_set && (text.empty() || is_set_of_words(text))) continue;
    report(bad(row, "wrong_type", column.field,
               column.is_set ? "has a word that the table's SET does not have"
                             : "is not one of the words of the table's ENUM"));
  }
}

void Unstorable::find(const Batch& batch, const Report& report) const {
  for (const Column& column : columns_) {
    const Field& field = column.field;
    if (field.type == Type::kFloat64) find_numbers(batch, field, column.source, report);
    if (field.type == Type::kDate32) find_dates(batch, field, column.source, report);
    if (field.type == Type::kTimestamp)
      find_timestamps(batch, field, column.source, column.finest_micros, report);
    if (field.type == Type::kUtf8 && column.drops_spaces)
      find_spaces(batch, field, column.source, report);
    if (field.type == Type::kUtf8 && !column.words.empty()) find_other_words(batch, column, report);
    if (column.is_upsert_key) find_nulls(batch, field, column.source, report);
  }
}

}  // namespace chunkmill::mysql
