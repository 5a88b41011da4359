// Dates in a format of the user's: %Y %y %m %d %H %M %S %f %b %p %I %z %%, and any other character
// as itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/parse.hpp"

namespace chunkmill::csv {

// Empty when the format can be used for dates; else what is wrong with it.
std::string check_date_format(std::string_view format);

// %m, %d, %H, %M, %S take one or two digits; %y is 1969 to 2068; %f up to six digits. A day that
// the calendar does not have is out of range.
ParseFault parse_date_format(std::string_view text, std::string_view format, int32_t* days);
// Microseconds since 1970-01-01 UTC; without %z the time is UTC.
ParseFault parse_timestamp_format(std::string_view text, std::string_view format, int64_t* micros);

}  // namespace chunkmill::csv
