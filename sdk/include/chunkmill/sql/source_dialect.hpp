// What a SQL source must know of a database to write its statements, beside the Dialect that it
// shares with the sink. Threads: any; it has no state.
#pragma once

#include <string>
#include <string_view>

#include "chunkmill/sql/source_grid.hpp"
#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::sql {

class SourceDialect {
 public:
  virtual ~SourceDialect() = default;

  // `text`, in the form that key_position.hpp says, as a literal that compares with `column`
  // exactly as the value itself would, and that an index on it can be used for:
  // TIMESTAMP '2024-02-29 12:30:00.5', 'O''Brien', X'00ff', 12.
  virtual std::string literal(const SourceColumn& column, std::string_view text) const = 0;
  // The bound of a range, a grid's value, as a literal to compare `column` with.
  virtual std::string bound(const SourceColumn& column, int64_t value) const {
    return literal(column, bound_text(column.field.type, value));
  }
  // How a column is read: `name`, or an expression around it that changes its form and not its
  // value ("name::text"). `name` is quoted and qualified.
  virtual std::string read_expression(const SourceColumn& /*column*/,
                                      const std::string& name) const {
    return name;
  }
  // The type in which a column is read to be a position. Another one than the column's own where
  // that would not give back the very value that is compared with: SQLite keeps timestamps as text
  // of any form.
  virtual SourceColumn key_column(const SourceColumn& column) const { return column; }
  // Whether (a, b) > (1, 2) is known, and an index used for it.
  virtual bool compares_rows() const { return true; }
  // The condition that the timestamp in `name` is older than so many milliseconds.
  virtual std::string older_than(const std::string& name, int64_t milliseconds) const = 0;
  // An expression that differs where a timestamp in `name` is spelt so that it compares with others
  // in another order than as a time; NULL where it compares with all. Empty: a timestamp has but
  // one spelling.
  virtual std::string spelling(const SourceColumn& /*column*/, const std::string& /*name*/) const {
    return {};
  }
  // What the width of ranges of a timestamp is a multiple of, in seconds: the precision with which
  // values of the column can be compared with literals.
  virtual uint64_t timestamp_unit() const { return 1; }
  // The grid's value of a column's smallest or largest value, given as text; nothing if it is none.
  virtual std::optional<int64_t> grid_value(const SourceColumn& column,
                                            std::string_view text) const {
    return sql::grid_value(column.field.type, text);
  }
};

}  // namespace chunkmill::sql
