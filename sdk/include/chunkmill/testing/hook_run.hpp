// Drives a hook through its C table, as the host does.
#pragma once

#include <memory>
#include <string>

#include "chunkmill/hook.hpp"
#include "chunkmill/testing/memory_host.hpp"
#include "chunkmill/testing/option_tree.hpp"
#include "chunkmill/testing/outcome.hpp"

namespace chunkmill::testing {

template <typename T>
const cm_hook_api& hook_api() {
  return chunkmill::detail::HookAdapter<T>::kApi;
}

// One hook object.
class HookRun {
 public:
  explicit HookRun(const cm_hook_api& api, Map options = {}, MemoryHost* host = nullptr)
      : api_(api),
        own_host_(host == nullptr ? std::make_unique<MemoryHost>() : nullptr),
        options_(std::move(options)) {
    const cm_options values = options_.abi();
    const cm_host* services = host == nullptr ? own_host_->abi() : host->abi();
    created = ask([&](cm_error* e) { return api_.create(services, &values, &self_, e); });
  }
  HookRun(const HookRun&) = delete;
  HookRun& operator=(const HookRun&) = delete;
  ~HookRun() {
    if (self_ != nullptr) api_.destroy(self_);
  }

  Outcome created;

  Outcome event(const std::string& name, Map fields = {}) {
    const Value tree(std::move(fields));
    const cm_options values = tree.abi();
    return ask([&](cm_error* e) { return api_.event(self_, to_abi(name), &values, e); });
  }

 private:
  const cm_hook_api& api_;
  std::unique_ptr<MemoryHost> own_host_;
  Value options_;
  cm_hook* self_ = nullptr;
};

}  // namespace chunkmill::testing
