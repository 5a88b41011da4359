// Which of our types keeps which of PostgreSQL's, and how each is asked for. Threads: any.
#pragma once

#include <cstdint>
#include <string>

#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::postgres {

// Types by their number in pg_type, which never changes.
enum TypeNumber : int64_t {
  kPgBool = 16,
  kPgBytea = 17,
  kPgName = 19,
  kPgInt8 = 20,
  kPgInt2 = 21,
  kPgInt4 = 23,
  kPgText = 25,
  kPgOid = 26,
  kPgJson = 114,
  kPgXml = 142,
  kPgFloat4 = 700,
  kPgFloat8 = 701,
  kPgBpchar = 1042,
  kPgVarchar = 1043,
  kPgDate = 1082,
  kPgTimestamp = 1114,
  kPgTimestamptz = 1184,
  kPgNumeric = 1700,
};

// Sets the column's type from its number in `column.tag`, or its fault. `column.declared` is what
// format_type() says of it, `is_text` whether its values are text to PostgreSQL (enums among them).
// `time_zone`: that of timestamps without one; empty: not known.
//
//   boolean                                     bool
//   smallint, integer                           int32
//   bigint, oid                                 int64
//   real, double precision                      float
//   numeric(p,s), p up to 38                    decimal(p,s)
//   text, varchar, char, name, enums, citext,
//   json, jsonb, uuid, xml                      string
//   bytea                                       binary
//   date                                        date
//   timestamptz, timestamp with `time_zone`     timestamp
void set_type(sql::SourceColumn* column, bool is_text, const std::string& time_zone);

// Whether the bytes of a string column are its text, or its text must be asked for.
bool is_text_on_the_wire(int64_t type);

}  // namespace chunkmill::postgres
