// Debug builds check the host's own side of the contract: the order of calls, and that calls on one
// object or lane never overlap.
#pragma once

#include <atomic>
#include <string_view>

#include "framework/plugin/module.hpp"

namespace chunkmill::host {

// Ends the process with a text that names the plugin, the call and what is wrong with it: a bug of
// the host, never of a plugin.
[[noreturn]] void call_order_broken(const Module& module, const char* call, std::string_view why);

inline void require_order([[maybe_unused]] const Module& module, [[maybe_unused]] const char* call,
                          [[maybe_unused]] bool in_order, [[maybe_unused]] std::string_view why) {
#ifndef NDEBUG
  if (!in_order) call_order_broken(module, call, why);
#endif
}

// CallSlot is what one [control] object or one [lane] has: room for a single call.
// Threads: any; that is what it watches.
class CallSlot {
 public:
  // Takes the slot for one call's duration.
  class Taken {
   public:
    Taken([[maybe_unused]] CallSlot& slot, [[maybe_unused]] const Module& module,
          [[maybe_unused]] const char* call) {
#ifndef NDEBUG
      slot_ = &slot;
      if (const char* other = slot.current_.exchange(call)) {
        call_order_broken(module, call, std::string("while ") + other + " has not returned");
      }
#endif
    }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;
    ~Taken() {
      if (slot_ != nullptr) slot_->current_.store(nullptr);
    }

   private:
    CallSlot* slot_ = nullptr;
  };

 private:
  std::atomic<const char*> current_{nullptr};
};

}  // namespace chunkmill::host
