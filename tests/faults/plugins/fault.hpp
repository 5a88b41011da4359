// Fault: a failure on order, as an option of the plugins of these tests.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>

#include "chunkmill/error.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::faults {

// Fails the calls from the `at`-th on, `times` of them. Threads: any; calls are counted atomically.
class Fault {
 public:
  void configure(Options& opt) {
    opt.optional("at", at_, "the first call that fails, from 1; 0: none");
    opt.optional("times", times_, "how many calls fail");
    opt.optional("code", code_, "name of a cm_code in small letters; or throw: a std::exception");
    opt.optional("retryable", retryable_, "whether a retry may help");
    opt.optional("retry_after", retry_after_, "what the other side asks for");
  }
  // Throws when it is this call's turn.
  void pass(const std::string& what) {
    if (at_ == 0) return;
    const int64_t call = ++calls_;
    if (call < at_ || call >= at_ + times_) return;
    const std::string message = what + " failed, as call " + std::to_string(call) + " was told to";
    if (code_ == "throw") throw std::runtime_error(message);
    Error error(code(), message);
    error.retryable_if(retryable_);
    if (retry_after_.ms > 0) error.retry_after(retry_after_.ms);
    throw error;
  }

 private:
  cm_code code() const {
    if (code_ == "data") return CM_DATA;
    if (code_ == "io") return CM_IO;
    if (code_ == "permission") return CM_PERMISSION;
    if (code_ == "not_found") return CM_NOT_FOUND;
    if (code_ == "full") return CM_FULL;
    if (code_ == "too_large") return CM_TOO_LARGE;
    if (code_ == "fenced") return CM_FENCED;
    if (code_ == "commit_unknown") return CM_COMMIT_UNKNOWN;
    if (code_ == "internal") return CM_INTERNAL;
    if (code_ == "end") return CM_END;
    if (code_ == "cancelled") return CM_CANCELLED;
    if (code_ == "unknown") return 4711;
    return CM_UNAVAILABLE;
  }

  int64_t at_ = 0;
  int64_t times_ = 1;
  std::string code_ = "unavailable";
  bool retryable_ = false;
  Duration retry_after_;
  std::atomic<int64_t> calls_{0};
};

}  // namespace chunkmill::faults
