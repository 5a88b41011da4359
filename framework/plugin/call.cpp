#include "framework/plugin/call.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace chunkmill::host {
namespace {

Code meaning_of(cm_code code) {
  switch (code) {
    case CM_END:
      return Code::kEnd;
    case CM_INVALID:
    case CM_UNSUPPORTED:
    case CM_NOT_FOUND:
      return Code::kJob;
    case CM_CANCELLED:
      return Code::kCancelled;
    case CM_DATA:
    case CM_IO:
    case CM_UNAVAILABLE:
    case CM_PERMISSION:
    case CM_FULL:
    case CM_TOO_LARGE:
    case CM_FENCED:
    case CM_COMMIT_UNKNOWN:
      return Code::kUnavailable;
    default:
      return Code::kPlugin;
  }
}

const char* words_for(cm_code code) {
  switch (code) {
    case CM_END:
      return "nothing more";
    case CM_INVALID:
      return "an option or argument is wrong";
    case CM_DATA:
      return "rows are bad";
    case CM_IO:
      return "reading or writing failed";
    case CM_UNAVAILABLE:
      return "no answer";
    case CM_PERMISSION:
      return "not allowed";
    case CM_NOT_FOUND:
      return "not found";
    case CM_FULL:
      return "no space left";
    case CM_TOO_LARGE:
      return "the batch is too large";
    case CM_FENCED:
      return "another worker owns this split";
    case CM_COMMIT_UNKNOWN:
      return "the answer to a commit was lost";
    case CM_CANCELLED:
      return "interrupted";
    case CM_UNSUPPORTED:
      return "not supported";
    case CM_INTERNAL:
      return "a bug in the plugin";
    default:
      return "a code that this host does not know";
  }
}

// The plugin's text, whether or not it kept to NUL termination, without bytes that would steer a
// terminal.
template <size_t N>
std::string printable_text(const char (&field)[N]) {
  const void* end = std::memchr(field, '\0', N);
  std::string text(field,
                   end == nullptr ? N : static_cast<size_t>(static_cast<const char*>(end) - field));
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 && c != '\n' && c != '\t'; }, '?');
  return text;
}

}  // namespace

std::string misplaced(cm_code code, uint32_t answers) {
  struct Rule {
    cm_code code;
    uint32_t where;
    const char* name;
  };
  static constexpr Rule kRules[] = {{CM_END, kMayEnd, "CM_END"},
                                    {CM_DATA, kMayRefuse, "CM_DATA"},
                                    {CM_TOO_LARGE, kMayRefuse, "CM_TOO_LARGE"},
                                    {CM_FENCED, kMayFence, "CM_FENCED"},
                                    {CM_COMMIT_UNKNOWN, kMayLoseCommit, "CM_COMMIT_UNKNOWN"}};
  for (const Rule& rule : kRules)
    if (rule.code == code && (answers & rule.where) == 0)
      return std::string("answered ") + rule.name + ", which means nothing there";
  return {};
}

void call_order_broken(const Module& module, const char* call, std::string_view why) {
  std::fprintf(stderr, "chunkmill: bug in the host: %s: %s() was called %.*s\n",
               module.label().c_str(), call, static_cast<int>(why.size()), why.data());
  std::abort();
}

cm_error fresh_error() {
  cm_error error{};
  error.struct_size = sizeof error;
  error.retry_after_ms = -1;
  error.row = -1;
  return error;
}

Status status_of(const Module& module, const char* call, cm_code code, const cm_error& error) {
  PluginFacts facts;
  facts.code = code;
  facts.retryable = error.retryable != 0;
  facts.retry_after_ms = std::max<int64_t>(error.retry_after_ms, -1);
  facts.row = std::max<int64_t>(error.row, -1);
  facts.vendor_code = error.vendor_code;
  facts.sqlstate = printable_text(error.sqlstate);
  facts.where = printable_text(error.where);
  std::string message = printable_text(error.message);
  if (message.empty()) message = words_for(code);
  // "it is missing" is of no use without what is missing.
  if (!facts.where.empty() && message.find(facts.where) == std::string::npos) {
    message = facts.where + ": " + message;
  }
  const Code meaning = meaning_of(code);
  // Only a broken plugin's author cares which function it was.
  if (meaning == Code::kPlugin) {
    message = std::string(call) + "() failed with code " + std::to_string(code) + ": " + message;
  }
  return Status(meaning, module.label() + ": " + message, std::move(facts));
}

Status broke_contract(const Module& module, const char* call, const std::string& how) {
  PluginFacts facts;
  facts.code = CM_INTERNAL;
  return Status(Code::kPlugin,
                module.label() + ": " + call + "() " + how + " (file " + module.file().string() +
                    "); this is a bug of the plugin, tell its author or use another version",
                std::move(facts));
}

void TextCollector::write(void* ctx, const void* data, size_t size) {
  auto& self = *static_cast<TextCollector*>(ctx);
  if (size == 0 || self.too_long_) return;
  if (data == nullptr || size > self.limit_ - self.text_.size()) {
    self.too_long_ = true;
    return;
  }
  try {
    self.text_.append(static_cast<const char*>(data), size);
  } catch (...) {
    self.too_long_ = true;
  }
}

}  // namespace chunkmill::host
