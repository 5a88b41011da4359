// Columns into the types that somebody downstream wants.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/data/batch.hpp"

namespace chunkmill::host {

// A value that does not convert. Its row is a reject; the value is null in the result.
struct CastFailure {
  int64_t row = 0;
  size_t column = 0;  // in the wanted schema
  std::string code;  // as fault_code() of chunkmill/parse.hpp: "bad_number", "number_out_of_range",
                     // "too_precise", "bad_date", ...
  std::string message;  // names the column and quotes the value
};

// Is there a conversion? From utf8 to every type, by the strict parsers of chunkmill/parse.hpp;
// from every type but binary to utf8; among int32, int64 and float64 where no fraction is cut off;
// from integers to decimal; from decimal to float64 and to another precision and scale. Nothing
// changes silently: a value that the wanted type cannot hold is a failure, as is a whole number,
// from text or decimal too, whose digits a float does not keep. Only fractions round, from decimal
// or text to the nearest float.
bool can_cast(Type from, Type to);

// For plan time: does `from` have every column of `wanted`, in a type that converts? kJob, naming
// the column, if not.
Status check_cast(const Schema& from, const Schema& wanted);

// The columns that `wanted` names, in its order and types; a column that has its type already is
// shared, not copied. Values that do not convert are added to `failures`, column by column. Fails
// where check_cast does, and with CM_TOO_LARGE when text outgrows 2 GiB.
Result<Batch> project_and_cast(const Batch& batch, std::shared_ptr<const Schema> wanted,
                               std::vector<CastFailure>* failures);

}  // namespace chunkmill::host
