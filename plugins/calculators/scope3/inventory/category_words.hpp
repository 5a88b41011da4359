// What the fifteen categories are called, and how good the data of a method are.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chunkmill::scope3 {

inline constexpr int kCategories = 15;

struct CategoryWords {
  std::string_view name;    // of the GHG Protocol
  std::string_view plugin;  // scope3.<plugin>
  bool upstream = false;
};

// By number; 0 is none of them.
inline constexpr std::array<CategoryWords, kCategories + 1> kCategoryWords{{
    {"No category", "", true},
    {"Purchased goods and services", "purchased_goods", true},
    {"Capital goods", "capital_goods", true},
    {"Fuel- and energy-related activities", "fuel_and_energy", true},
    {"Upstream transportation and distribution", "upstream_transport", true},
    {"Waste generated in operations", "waste", true},
    {"Business travel", "business_travel", true},
    {"Employee commuting", "employee_commuting", true},
    {"Upstream leased assets", "upstream_leased_assets", true},
    {"Downstream transportation and distribution", "downstream_transport", false},
    {"Processing of sold products", "processing_of_sold_products", false},
    {"Use of sold products", "use_of_sold_products", false},
    {"End-of-life treatment of sold products", "end_of_life", false},
    {"Downstream leased assets", "downstream_leased_assets", false},
    {"Franchises", "franchises", false},
    {"Investments", "investments", false},
}};

// The category of "scope3.waste"; 0 where it is none.
inline int category_of_plugin(std::string_view plugin) {
  constexpr std::string_view kPrefix = "scope3.";
  if (!plugin.starts_with(kPrefix)) return 0;
  plugin.remove_prefix(kPrefix.size());
  for (int i = 1; i <= kCategories; ++i)
    if (kCategoryWords[static_cast<size_t>(i)].plugin == plugin) return i;
  return 0;
}

// What a result was made from, best first.
enum class Basis : uint8_t { kPrimary, kActivity, kSpend };
inline constexpr size_t kBases = 3;
inline constexpr std::array<std::string_view, kBases> kBasisWords{
    "Primary data", "Activity data, average factors", "Spend"};

}  // namespace chunkmill::scope3
