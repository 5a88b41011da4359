// What a declared type of SQLite means for the columns that are read. Any value may stand in any
// column; the declared type says which ones are meant. Threads: any.
#pragma once

#include <string_view>

#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::sqlite {

// Sets the column's type from `column.declared`, or its fault where that says nothing.
//
//   INT, INTEGER, BIGINT, ...                    int64
//   REAL, FLOAT, DOUBLE, NUMERIC, DECIMAL        float
//   NUMERIC(p,s), DECIMAL(p,s)                   decimal(p,s)
//   TEXT, VARCHAR(n), CLOB, JSON, UUID, TIME     string
//   BLOB                                         binary
//   BOOLEAN                                      bool
//   DATE                                         date
//   TIMESTAMP, DATETIME                          timestamp
void set_declared_type(sql::SourceColumn* column);

}  // namespace chunkmill::sqlite
