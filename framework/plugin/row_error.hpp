// A bad row, as a plugin reported it, copied out of the ABI.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chunkmill/abi/base.h"

namespace chunkmill::host {

struct RowError {
  int64_t row = 0;   // source: ordinal in the chunk; calculator and sink: row of the batch in hand
  int64_t line = 0;  // source: line in `where`, from 1; 0 if unknown
  std::string code;  // snake_case, stable
  std::string column;
  std::string message;
  std::string raw;    // source: the record as it stood in the input
  std::string where;  // source: file or table
};

// The report callback over a vector. Copies at once, never throws into the plugin: when memory runs
// out it remembers so.
class RowErrorCollector {
 public:
  explicit RowErrorCollector(std::vector<RowError>& into) : into_(into), abi_{this, &report} {}
  RowErrorCollector(const RowErrorCollector&) = delete;
  RowErrorCollector& operator=(const RowErrorCollector&) = delete;

  const cm_row_errors* abi() const { return &abi_; }
  // Rethrows what went wrong inside a callback.
  void rethrow() const;

 private:
  static void report(void* ctx, const cm_row_error* error);

  std::vector<RowError>& into_;
  cm_row_errors abi_;
  bool out_of_memory_ = false;
};

}  // namespace chunkmill::host
