// Status and Result: how the host says that something did not work, without throwing.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "chunkmill/abi/base.h"

namespace chunkmill::host {

// What kind of failure it is. Decides the exit code and what the scheduler does; see docs/engine.md
// and docs/exit-codes.md.
enum class Code {
  kOk,
  kUsage,        // the command line is wrong                                  exit 64
  kJob,          // the job file, or what it asks of its plugins, is wrong     exit 78
  kUnavailable,  // a source or sink does not answer, or refuses               exit 69
  kPlugin,       // a plugin file or a plugin's behaviour is broken            exit 70
  kInternal,     // a bug of the host                                          exit 70
  kState,        // the host's own files cannot be read or written             exit 74
  kThreshold,    // too many rows failed                                       exit 4
  kCancelled,    // interrupted                                                exit 130 or 143
  kNotFound,     // what was asked for is not there                            exit 64
  kEnd,          // no more; not a failure
};

// The facts a plugin stated with its error; the scheduler decides by them.
struct PluginFacts {
  cm_code code = CM_OK;
  bool retryable = false;
  int64_t retry_after_ms = -1;
  int64_t row = -1;
  int vendor_code = 0;
  std::string sqlstate;
  std::string where;
};

// A code and a message that says what happened, where, and what to do. Value type; empty and cheap
// when ok.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  Status(Code code, std::string message, PluginFacts facts)
      : code_(code), message_(std::move(message)), facts_(std::move(facts)) {}

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  // Zero-valued where no plugin was involved.
  const PluginFacts& facts() const { return facts_; }

  // The same failure with "`context`: " before its message.
  Status with_context(const std::string& context) const {
    return ok() ? *this : Status(code_, context + ": " + message_, facts_);
  }

 private:
  Code code_ = Code::kOk;
  std::string message_;
  PluginFacts facts_;
};

// A value, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Status status) : state_(std::move(status)) { assert(!std::get<Status>(state_).ok()); }

  bool ok() const { return std::holds_alternative<T>(state_); }
  Status status() const { return ok() ? Status() : std::get<Status>(state_); }
  T& operator*() { return std::get<T>(state_); }
  const T& operator*() const { return std::get<T>(state_); }
  T* operator->() { return &std::get<T>(state_); }
  const T* operator->() const { return &std::get<T>(state_); }
  T take() { return std::move(std::get<T>(state_)); }

 private:
  std::variant<Status, T> state_;
};

#define CHUNKMILL_CONCAT_(a, b) a##b
#define CHUNKMILL_CONCAT(a, b) CHUNKMILL_CONCAT_(a, b)

// Returns from the enclosing function when `expression` is not ok.
#define RETURN_IF_ERROR(expression)                   \
  do {                                                \
    ::chunkmill::host::Status status_ = (expression); \
    if (!status_.ok()) return status_;                \
  } while (false)

// `ASSIGN_OR_RETURN(Batch batch, reader.next());`
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_(CHUNKMILL_CONCAT(result_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_(result, declaration, expression) \
  auto result = (expression);                              \
  if (!result.ok()) return result.status();                \
  declaration = result.take()

}  // namespace chunkmill::host
