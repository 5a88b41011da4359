#include "framework/plugin/row_error.hpp"

#include <new>

#include "framework/plugin/call.hpp"

namespace chunkmill::host {
void RowErrorCollector::report(void* ctx, const cm_row_error* error) {
  auto& self = *static_cast<RowErrorCollector*>(ctx);
  if (error == nullptr || !CM_HAS(error, cm_row_error, where)) {
    self.fault_ = "reported a row error that is null or too small";
    return;
  }
  try {
    self.into_.push_back({error->row, error->line, text_of(error->code), text_of(error->column),
                          text_of(error->message), text_of(error->raw), text_of(error->where)});
  } catch (...) {
    self.fault_ = "reported more row errors than memory holds";
  }
}

std::string RowErrorCollector::fault(int64_t rows) const {
  if (fault_ != nullptr) return fault_;
  for (size_t i = first_; i < into_.size(); ++i) {
    if (into_[i].row < 0 || into_[i].row >= rows) {
      return "reported row " + std::to_string(into_[i].row) + " as bad, of a batch of " +
             std::to_string(rows) + " rows";
    }
  }
  return {};
}

}  // namespace chunkmill::host
