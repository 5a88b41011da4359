// Dates in a format of the user's: %Y %y %m %b %d %H %I %p %M %S %f %z %%, and any other character
// as itself. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/parse.hpp"

namespace chunkmill::csv {

// Empty when values of `type`, a date or a timestamp, can be read with the format; else what is
// wrong with it and what to write: a part that is missing, stands twice, or has no meaning beside
// another one.
std::string check_date_format(std::string_view format, Type type);

// %m, %d, %H, %I, %M, %S take one or two digits, and exactly two beside another part; %y is 1969 to
// 2068; %f any number of digits. A day that the calendar does not have, a leap second and a zone of
// more than 18 hours are out of range. A date leaves out the time of day that its format reads.
ParseFault parse_date_format(std::string_view text, std::string_view format, int32_t* days);
// Microseconds since 1970-01-01 UTC; without %z the time is UTC. `fractions` as
// parse_timestamp_with().
ParseFault parse_timestamp_format(std::string_view text, std::string_view format,
                                  Fractions fractions, int64_t* micros);

}  // namespace chunkmill::csv
