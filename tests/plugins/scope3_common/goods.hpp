// Category 1 over factors that a test writes down: what all categories share is tested with it.
#pragma once

#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"
#include "tests/plugins/scope3_common/category_run.hpp"

using Goods = CategoryRun<chunkmill::scope3::PurchasedGoods>;

// Records of the columns that tests of choosing need.
inline Tables choices(const std::string& records) {
  return {{"factors",
           "set,factor_id,activity_code,technology,region,year,valid_from,valid_to,value,unit,"
           "boundary\n" +
               records}};
}
