// The text of one value, as messages, rejects and casts to utf8 write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/arrow.hpp"
#include "framework/data/column.hpp"

namespace chunkmill::host {

// Appends the value of a row that is not null: numbers in their shortest exact form, decimals with
// all places of `field`'s scale, dates and times as ISO 8601, bools as true and false, utf8 as it
// stands, binary as base64.
void append_value_text(std::string* out, const Column& column, const Field& field, int64_t row);

// RFC 4648 with padding.
void append_base64(std::string* out, std::string_view bytes);

}  // namespace chunkmill::host
