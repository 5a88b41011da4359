// One call through the C line: catches what crosses it anyway, and turns cm_code and cm_error into
// Status.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "chunkmill/arrow.hpp"
#include "framework/core/status.hpp"
#include "framework/plugin/call_order.hpp"
#include "framework/plugin/module.hpp"

namespace chunkmill::host {

// True when `api` has the optional function: inside struct_size, and not null.
#define CHUNKMILL_OFFERS(api, type, function) \
  (CM_HAS((api), type, function) && (api)->function != nullptr)

cm_error fresh_error();

// The plugin's text as our own; empty where it gave none.
inline std::string text_of(cm_str text) {
  return text.data == nullptr ? std::string() : std::string(from_abi(text));
}

// How long a position may be, as the ABI says of position().
inline constexpr size_t kMaxPosition = 4096;

// Never ok: what a plugin's call that returned `code` means to the host, with the plugin's name and
// version, and the error's `where`, before the message.
//   CM_INVALID, CM_UNSUPPORTED, CM_NOT_FOUND        kJob
//   CM_CANCELLED                                    kCancelled
//   CM_END                                          kEnd
//   CM_INTERNAL, and codes that this host does not know  kPlugin
//   all others                                      kUnavailable; facts().code tells them apart
Status status_of(const Module& module, const char* call, cm_code code, const cm_error& error);

// kPlugin: the plugin broke its contract in `call`; `how` completes the sentence.
Status broke_contract(const Module& module, const char* call, const std::string& how);

// Codes that mean something in the answer to some calls only. From all others they break the
// contract: a CM_END that nobody expects would look like an end, and rows would be missing.
enum Answers : uint32_t {
  kMayFail = 0,        // none of those below
  kMayRefuse = 1,      // CM_DATA, CM_TOO_LARGE
  kMayEnd = 2,         // CM_END
  kMayFence = 4,       // CM_FENCED
  kMayLoseCommit = 8,  // CM_COMMIT_UNKNOWN
};

// What is wrong with `code` as the answer to a call that may give `answers`; empty if nothing is.
std::string misplaced(cm_code code, uint32_t answers);

// `call(&error)` returns a cm_code; `answers` are Answers.
template <typename Call>
Status call_plugin(const Module& module, const char* name, Call&& call,
                   uint32_t answers = kMayRefuse) {
  cm_error error = fresh_error();
  try {
    const cm_code code = call(&error);
    if (code == CM_OK) return Status();
    const std::string fault = misplaced(code, answers);
    return fault.empty() ? status_of(module, name, code, error)
                         : broke_contract(module, name, fault);
  } catch (const std::exception& thrown) {
    return broke_contract(module, name, std::string("threw across the ABI: ") + thrown.what());
  } catch (...) {
    return broke_contract(module, name, "threw across the ABI");
  }
}

// For functions that return nothing (destroy, close, abort, interrupt): nobody is left to tell, so
// a throw is dropped.
template <typename Call>
void call_plugin_quietly(Call&& call) {
  try {
    call();
  } catch (...) {
  }
}

// Owned is a plugin's own object or lane: the table it is used through, and how it is given back.
template <typename Api, typename Self>
struct Owned {
  Owned(const Module& its_module, const Api& its_api, void (*its_release)(Self*))
      : module(&its_module), api(&its_api), release(its_release) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (self != nullptr) call_plugin_quietly([this] { release(self); });
  }

  const Module* module;
  const Api* api;
  void (*release)(Self*);
  Self* self = nullptr;
  CallSlot slot;
};

// Makes an object or a lane: `make(&self, &error)` returns a cm_code. What a failed call may have
// left in `self` is not ours to give back.
template <typename Api, typename Self, typename Make>
Result<std::unique_ptr<Owned<Api, Self>>> make_owned(const Module& module, const Api& api,
                                                     void (*release)(Self*), const char* call,
                                                     Make&& make, uint32_t answers = kMayRefuse) {
  Self* self = nullptr;
  RETURN_IF_ERROR(call_plugin(
      module, call, [&](cm_error* error) { return make(&self, error); }, answers));
  if (self == nullptr) return broke_contract(module, call, "said it worked, but gave nothing");
  auto owned = std::make_unique<Owned<Api, Self>>(module, api, release);
  owned->self = self;
  return owned;
}

// Where a plugin writes text to (cm_out), at most `limit` bytes of it.
class TextCollector {
 public:
  explicit TextCollector(size_t limit) : limit_(limit), abi_{this, &write} {}
  TextCollector(const TextCollector&) = delete;
  TextCollector& operator=(const TextCollector&) = delete;

  const cm_out* abi() const { return &abi_; }
  bool too_long() const { return too_long_; }
  std::string take() { return std::move(text_); }

 private:
  static void write(void* ctx, const void* data, size_t size);

  const size_t limit_;
  std::string text_;
  bool too_long_ = false;
  cm_out abi_;
};

}  // namespace chunkmill::host
