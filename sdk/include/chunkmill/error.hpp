// How plugin code says that something did not work: throw Error. The guard turns it, and anything
// else that is thrown, into a code before it can cross the ABI.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "chunkmill/arrow.hpp"

namespace chunkmill {

// A failure with the facts the host decides by. The message says what happened and what to do; it
// must hold no secret.
//   throw Error(CM_IO, "insert into " + table + ": " + reason).at(table).retryable_if(lost);
class Error : public std::exception {
 public:
  Error(cm_code code, std::string message) : code_(code), message_(std::move(message)) {}

  // A table, a file, or the path of an option ("columns.spend").
  Error& at(std::string_view where) & { return where_ = where, *this; }
  Error&& at(std::string_view where) && { return std::move(at(where)); }
  Error& retryable_if(bool yes) & { return retryable_ = yes, *this; }
  Error&& retryable_if(bool yes) && { return std::move(retryable_if(yes)); }
  Error& retry_after(int64_t milliseconds) & { return retry_after_ms_ = milliseconds, *this; }
  Error&& retry_after(int64_t milliseconds) && { return std::move(retry_after(milliseconds)); }
  Error& vendor(int code) & { return vendor_code_ = code, *this; }
  Error&& vendor(int code) && { return std::move(vendor(code)); }
  Error& sqlstate(std::string_view state) & { return sqlstate_ = state, *this; }
  Error&& sqlstate(std::string_view state) && { return std::move(sqlstate(state)); }
  // The row of the batch in hand that the other side named.
  Error& row(int64_t index) & { return row_ = index, *this; }
  Error&& row(int64_t index) && { return std::move(row(index)); }

  const char* what() const noexcept override { return message_.c_str(); }
  cm_code code() const { return code_; }
  bool retryable() const { return retryable_; }

  cm_code write_to(cm_error* out) const;

 private:
  cm_code code_;
  std::string message_;
  std::string where_;
  std::string sqlstate_;
  bool retryable_ = false;
  int vendor_code_ = 0;
  int64_t retry_after_ms_ = -1;
  int64_t row_ = -1;
};

namespace detail {

// Copies as much as fits, cut between characters.
template <size_t N>
void copy_text(char (&out)[N], std::string_view text) {
  size_t size = std::min(text.size(), N - 1);
  if (size < text.size())
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  if (size > 0) std::memcpy(out, text.data(), size);
  out[size] = '\0';
}

inline cm_code fail(cm_error* out, cm_code code, std::string_view message) {
  if (out != nullptr) {
    out->code = code;
    out->retry_after_ms = -1;
    out->row = -1;
    copy_text(out->message, message);
  }
  return code;
}

// Runs `call` and lets nothing through: the one place where exceptions end.
template <typename F>
cm_code guard(cm_error* error, F&& call) noexcept {
  try {
    return call();
  } catch (const Error& thrown) {
    return thrown.write_to(error);
  } catch (const std::bad_alloc&) {
    return fail(error, CM_TOO_LARGE, "out of memory; lower `memory:` or `chunk:` in the job file");
  } catch (const std::exception& thrown) {
    return fail(error, CM_INTERNAL, thrown.what());
  } catch (...) {
    return fail(error, CM_INTERNAL, "something that is not a std::exception was thrown");
  }
}

}  // namespace detail

inline cm_code Error::write_to(cm_error* out) const {
  if (out == nullptr) return code_;
  out->code = code_;
  out->retryable = retryable_ ? 1 : 0;
  out->vendor_code = vendor_code_;
  out->retry_after_ms = retry_after_ms_;
  out->row = row_;
  detail::copy_text(out->sqlstate, sqlstate_);
  detail::copy_text(out->where, where_);
  detail::copy_text(out->message, message_);
  return code_;
}

inline cm_error empty_error() {
  cm_error error;
  std::memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.retry_after_ms = -1;
  error.row = -1;
  return error;
}

}  // namespace chunkmill
