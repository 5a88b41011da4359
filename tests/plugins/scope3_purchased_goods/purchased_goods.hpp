// A purchased_goods calculator over a small factor table of round numbers.
#pragma once

#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"
#include "tests/plugins/scope3_common/category_run.hpp"

inline const char* const kFactors =
    "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,unit,"
    "boundary,gwp_set,source\n"
    "eeio,1.0,steel-usd,331110,Steel,US,2022,USD,purchaser,0.8,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "process,7,steel-t,331110,Steel,US,2024,,,1500,kgCO2e/t,cradle_to_gate,AR5,b\n"
    "eeio,1.0,law-usd,541110,Law,US,2022,USD,purchaser,0.1,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "eeio,1.0,computing-usd,5415,Computing,US,2022,USD,purchaser,0.25,kgCO2e/USD,cradle_to_gate,"
    "AR5,a\n";

class PurchasedGoodsRun : public CategoryRun<chunkmill::scope3::PurchasedGoods> {
 public:
  explicit PurchasedGoodsRun(Map options = {}, Tables tables = {{"factors", kFactors}})
      : CategoryRun(std::move(options), std::move(tables)) {}
};
