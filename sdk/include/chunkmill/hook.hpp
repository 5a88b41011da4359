// Hooks in C++: derive from Hook, export with CHUNKMILL_HOOK. The contract is that of abi/hook.h.
#pragma once

#include "chunkmill/abi/hook.h"
#include "chunkmill/module.hpp"

namespace chunkmill {

// One value of an event, or a list or map of them.
class EventValue {
 public:
  explicit EventValue(detail::OptionNode node) : node_(node) {}

  // The entry of that name of a map; null if there is none.
  EventValue operator[](std::string_view name) const { return EventValue(node_.find(name)); }
  EventValue operator[](size_t index) const { return EventValue(node_.at(index)); }
  size_t size() const { return node_.size(); }
  std::string key(size_t index) const { return node_.key(index); }

  // `out` keeps its value where the event has none of that type.
  template <OptionValue T>
  T get(T otherwise = {}) const {
    if (node_.kind() != CM_NULL) detail::OptionType<T>::read(node_, &otherwise);
    return otherwise;
  }

  // Appends the value as JSON.
  void write(JsonWriter* json) const;

 private:
  detail::OptionNode node_;
};

inline void EventValue::write(JsonWriter* json) const {
  switch (node_.kind()) {
    case CM_BOOL:
      json->value(get<bool>());
      break;
    case CM_INT:
      json->value(get<int64_t>());
      break;
    case CM_FLOAT:
      json->value(get<double>());
      break;
    case CM_STRING:
      json->value(get<std::string>());
      break;
    case CM_LIST:
      json->begin_array();
      for (size_t i = 0; i < size(); ++i) (*this)[i].write(json);
      json->end_array();
      break;
    case CM_MAP:
      json->begin_object();
      for (size_t i = 0; i < size(); ++i) {
        json->key(key(i));
        (*this)[i].write(json);
      }
      json->end_object();
      break;
    default:
      json->null();
  }
}

// Told what happens, one call at a time.
class Hook : public Plugin {
 public:
  virtual ~Hook() = default;
  // `name` is run_start, chunk, retry, fallback, threshold or run_end; `fields` is a map, see
  // docs/metrics.md.
  virtual void event(std::string_view name, const EventValue& fields) = 0;
};

namespace detail {

template <typename T>
class HookAdapter {
  static cm_code create(const cm_host* host, const cm_options* options, cm_hook** out,
                        cm_error* error) noexcept {
    return guard(error, [&] {
      *out = reinterpret_cast<cm_hook*>(create_plugin<T>(host, options).release());
      return CM_OK;
    });
  }
  static void destroy(cm_hook* self) noexcept { delete reinterpret_cast<T*>(self); }
  static cm_code event(cm_hook* self, cm_str name, const cm_options* fields,
                       cm_error* error) noexcept {
    return guard(error, [&] {
      reinterpret_cast<T*>(self)->event(from_abi(name), EventValue({fields, fields->root}));
      return CM_OK;
    });
  }

 public:
  static constexpr cm_hook_api kApi{sizeof(cm_hook_api), 0, create, destroy, event};
};

}  // namespace detail
}  // namespace chunkmill

#define CHUNKMILL_HOOK(T)                                                             \
  static_assert(std::is_base_of_v<::chunkmill::Hook, T>, "a hook derives from Hook"); \
  CHUNKMILL_EXPORT(T, CM_KIND_HOOK, ::chunkmill::detail::HookAdapter<T>::kApi, nullptr)
