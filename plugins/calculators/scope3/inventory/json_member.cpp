#include "plugins/calculators/scope3/inventory/json_member.hpp"

#include <simdjson.h>

namespace chunkmill::scope3 {

std::optional<std::string> json_member(std::string_view object, std::string_view name) {
  simdjson::dom::parser parser;
  simdjson::dom::element member;
  if (parser.parse(object.data(), object.size()).at_key(name).get(member) != simdjson::SUCCESS ||
      member.is_null())
    return std::nullopt;
  std::string_view text;
  if (member.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(member);
}

}  // namespace chunkmill::scope3
