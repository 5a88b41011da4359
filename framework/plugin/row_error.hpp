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

// RowErrorCollector is the report callback over a vector, for one call. Appends, copies at once,
// never throws into the plugin.
class RowErrorCollector {
 public:
  explicit RowErrorCollector(std::vector<RowError>& into)
      : into_(into), first_(into.size()), abi_{this, &report} {}
  RowErrorCollector(const RowErrorCollector&) = delete;
  RowErrorCollector& operator=(const RowErrorCollector&) = delete;

  const cm_row_errors* abi() const { return &abi_; }
  size_t count() const { return into_.size() - first_; }
  // What was wrong with the reports, given how many rows there were; empty if nothing was.
  std::string fault(int64_t rows) const;

 private:
  static void report(void* ctx, const cm_row_error* error);

  std::vector<RowError>& into_;
  const size_t first_;
  cm_row_errors abi_;
  const char* fault_ = nullptr;
};

}  // namespace chunkmill::host
