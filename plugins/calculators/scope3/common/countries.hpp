// The countries of ISO 3166-1, and the codes and names that people write for them. Texts are upper
// case. Threads: any.
#pragma once

#include <string_view>

namespace chunkmill::scope3 {

// "GB": a code of two letters that ISO assigns, or XK.
bool is_country(std::string_view code);
// "GB" for "UK", "GBR" and "UNITED KINGDOM", "GB-SCT" for "SCOTLAND"; empty for a word that it does
// not know, and for a country's own code.
std::string_view country_code(std::string_view word);

}  // namespace chunkmill::scope3
