// A hook plugin's object.
#pragma once

#include <memory>
#include <string_view>

#include "framework/core/status.hpp"
#include "framework/plugin/call.hpp"

namespace chunkmill::host {

using HookObject = Owned<cm_hook_api, cm_hook>;

// Hook is one configured hook. Move-only; destroys itself. The cm_host must outlive it.
// Threads: one call at a time; any thread.
class Hook {
 public:
  static Result<Hook> create(const Module& module, const cm_host* host, const cm_options& options);

  const Module& module() const { return *object_->module; }

  // `name` is run_start, chunk, retry, fallback, threshold or run_end; `fields` its values.
  Status event(std::string_view name, const cm_options& fields);

 private:
  explicit Hook(std::unique_ptr<HookObject> object) : object_(std::move(object)) {}

  std::unique_ptr<HookObject> object_;
};

}  // namespace chunkmill::host
