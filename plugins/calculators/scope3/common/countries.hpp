// The countries of ISO 3166-1, and the codes and names that people write for them. Texts are upper
// case. Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace chunkmill::scope3 {

// "GB": a code of two letters that ISO assigns, or XK.
bool is_country(std::string_view code);
// "GB" for "UK", "GBR" and "UNITED KINGDOM", "GB-SCT" for "SCOTLAND"; empty for a word that it does
// not know, and for a country's own code.
std::string_view country_code(std::string_view word);

// The country or region that a word was probably meant for, as "GB (UNITED KINGDOM)"; empty when it
// is near to none.
std::string nearest_country(std::string_view word);

}  // namespace chunkmill::scope3
