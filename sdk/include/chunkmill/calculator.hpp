// Calculators in C++. Two levels over the C table: RowCalculator (one row at a time) and
// BatchCalculator (whole batches).
//
//   class Tax : public chunkmill::RowCalculator {
//    public:
//     static constexpr chunkmill::Info kInfo{"tax", "1.0.0", "Add the tax of an amount"};
//     void configure(chunkmill::Options& opt) {
//       opt.optional("rate", rate_, "share of the amount");
//     }
//     void bind(chunkmill::Columns& columns) {
//       amount_ = columns.in<double>("amount");
//       tax_ = columns.out<double>("tax");
//     }
//     void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
//       out[tax_] = in[amount_] * rate_;
//     }
//     ...
//   };
//   CHUNKMILL_CALCULATOR(Tax)
//
// configure() and bind() run more than once; each run must set the same members again. The object
// is read-only once bound and shared by all lanes: row() and process() are const. A BatchCalculator
// that needs memory of its own declares `struct Lane`, made once a lane and handed to process()
// first. Any of these may throw Error.
#pragma once

#include "chunkmill/calculator_adapter.hpp"

#define CHUNKMILL_CALCULATOR(T)                                                     \
  static_assert(std::is_base_of_v<::chunkmill::RowCalculator, T> ||                 \
                    std::is_base_of_v<::chunkmill::BatchCalculator, T>,             \
                "a calculator derives from RowCalculator or from BatchCalculator"); \
  CHUNKMILL_EXPORT(T, CM_KIND_CALCULATOR, ::chunkmill::detail::CalculatorAdapter<T>::kApi, nullptr)
