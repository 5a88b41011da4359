#include "framework/plugin/hook.hpp"

#include <utility>

#include "chunkmill/arrow.hpp"

namespace chunkmill::host {

Result<Hook> Hook::create(const Module& module, const cm_host* host, const cm_options& options) {
  const cm_hook_api* api = module.hook_api();
  require_order(module, "create", api != nullptr, "as a hook");
  ASSIGN_OR_RETURN(auto object, make_owned(module, *api, api->destroy, "create",
                                           [&](cm_hook** self, cm_error* error) {
                                             return api->create(host, &options, self, error);
                                           }));
  return Hook(std::move(object));
}

Status Hook::event(std::string_view name, const cm_options& fields) {
  const CallSlot::Taken taken(object_->slot, module(), "event");
  return call_plugin(module(), "event", [&](cm_error* error) {
    return object_->api->event(object_->self, to_abi(name), &fields, error);
  });
}

}  // namespace chunkmill::host
