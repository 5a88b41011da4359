// What a column of MariaDB or MySQL is read as. Threads: any.
//
//   TINYINT(1), BIT(1)                           bool
//   TINYINT, SMALLINT, MEDIUMINT, INT, YEAR      int32
//   INT UNSIGNED, BIGINT                         int64
//   BIGINT UNSIGNED                              decimal(20,0); int64 as a key or AUTO_INCREMENT
//   FLOAT, DOUBLE                                float
//   DECIMAL(p,s) up to 38 digits                 decimal(p,s)
//   CHAR, VARCHAR, TEXT, ENUM, SET, JSON, UUID   string
//   TIME                                         string: "-12:30:00", "838:59:59.5"
//   BINARY, VARBINARY, BLOB                      binary
//   DATE                                         date
//   DATETIME, TIMESTAMP                          timestamp; a DATETIME is taken as UTC
//
// BIT(n), DECIMAL of more digits, geometry and columns without a type are refused, with the
// expression to write instead.
#pragma once

#include <mysql.h>

#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::mysql {

// How a value comes from the server: SourceColumn::tag.
enum class Carried : int64_t {
  kInteger,
  kUnsigned,  // BIGINT UNSIGNED
  kReal,
  kSingle,  // FLOAT
  kDecimal,
  kText,
  kWords,  // ENUM and SET: text that is ordered by its number
  kBytes,
  kBit,
  kDate,
  kTimestamp,
  kTime
};

inline Carried carried(const sql::SourceColumn& column) { return static_cast<Carried>(column.tag); }

sql::SourceColumn source_column(const MYSQL_FIELD& field);

}  // namespace chunkmill::mysql
