// Values of SQLite into columns, strictly: what does not fit its column is said, never changed.
// Threads: any.
#pragma once

#include <sqlite3.h>

#include <optional>
#include <string>

#include "chunkmill/builder.hpp"

namespace chunkmill::select {

struct BadCell {
  std::string code;
  std::string message;
};

// Appends result `index` of the row that `statement` stands at to `out`, a column of `field`'s
// type; or appends nothing and says why.
std::optional<BadCell> append_result(sqlite3_stmt* statement, int index, const Field& field,
                                     ColumnBuilder* out);

// Appends the value at `row` of a column of the same type.
void append_copy(const ColumnRef& from, int64_t row, ColumnBuilder* out);

}  // namespace chunkmill::select
