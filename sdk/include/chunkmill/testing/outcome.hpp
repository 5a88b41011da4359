// What a plugin answered to a call.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/abi/base.h"
#include "chunkmill/error.hpp"

namespace chunkmill::testing {

struct Outcome {
  cm_code code = CM_OK;
  bool retryable = false;
  int64_t retry_after_ms = -1;
  int vendor_code = 0;
  int64_t row = -1;
  std::string sqlstate;
  std::string where;
  std::string message;

  bool ok() const { return code == CM_OK; }
  bool says(std::string_view words) const { return message.find(words) != std::string::npos; }
  // For calls that a test takes for granted.
  void expect_ok() const {
    if (!ok())
      throw std::runtime_error("code " + std::to_string(code) + " at \"" + where +
                               "\": " + message);
  }
};

// Makes a call of the C table: `call` takes the cm_error* and returns the code.
template <typename F>
Outcome ask(F&& call) {
  cm_error error = empty_error();
  const cm_code code = call(&error);
  return {code,      error.retryable != 0, error.retry_after_ms, error.vendor_code,
          error.row, error.sqlstate,       error.where,          error.message};
}

// A bad row, as cm_row_error tells of it.
struct BadRow {
  int64_t row = 0;
  int64_t line = 0;
  std::string code;
  std::string column;
  std::string message;
  std::string raw;
  std::string where;
};

// Collects bad rows; `first` is added to their row numbers.
class BadRows {
 public:
  explicit BadRows(std::vector<BadRow>* out, int64_t first = 0) : out_(out), first_(first) {}

  // Valid as long as this.
  cm_row_errors abi() {
    return {this, [](void* ctx, const cm_row_error* error) {
              const auto* self = static_cast<BadRows*>(ctx);
              const auto text = [](cm_str view) { return std::string(from_abi(view)); };
              self->out_->push_back({self->first_ + error->row, error->line, text(error->code),
                                     text(error->column), text(error->message), text(error->raw),
                                     text(error->where)});
            }};
  }

 private:
  std::vector<BadRow>* out_;
  int64_t first_;
};

inline cm_out append_to(std::string* text) {
  return {text, [](void* ctx, const void* data, size_t size) {
            static_cast<std::string*>(ctx)->append(static_cast<const char*>(data), size);
          }};
}

// A chunk as a plugin is told of it.
struct TestChunk {
  uint64_t sequence = 0;
  std::string begin;
  std::string end;
  bool last = false;
  uint32_t attempt = 1;
  uint64_t epoch = 1;
  std::string split = "s";
  std::string run = "run-1";
  std::string job = "job";

  // Valid as long as this.
  cm_chunk abi() const {
    return {sizeof(cm_chunk), attempt,       sequence,      epoch,       to_abi(job),
            to_abi(run),      to_abi(split), to_abi(begin), to_abi(end), last ? 1 : 0};
  }
};

}  // namespace chunkmill::testing
