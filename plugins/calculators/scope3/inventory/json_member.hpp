// One member of a JSON object, for the fields of a reject. Failure: nothing is found. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chunkmill::scope3 {

// The text of the member `name` of `object`: a string without its quotes and escapes, anything else
// as JSON; nothing where it is null or not there.
std::optional<std::string> json_member(std::string_view object, std::string_view name);

}  // namespace chunkmill::scope3
