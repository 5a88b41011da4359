#include "framework/run/hook_observer.hpp"

#include "framework/job/value.hpp"

namespace chunkmill::host {
namespace {

Value to_value(const std::vector<ErrorGroup>& groups) {
  Value list = Value::list();
  for (const ErrorGroup& group : groups) {
    Value one = Value::map();
    one.set("code", Value::of(std::string_view(group.code)))
        .set("stage", Value::of(std::string_view(group.stage)))
        .set("count", Value::of(group.count))
        .set("example", Value::of(std::string_view(group.example)))
        .set("where", Value::of(std::string_view(group.where)))
        .set("line", Value::of(group.line));
    list.push(std::move(one));
  }
  return list;
}

Value to_value(const NamedValues& values) {
  Value map = Value::map();
  for (const auto& [name, value] : values) map.set(name, Value::of(value));
  return map;
}

Value to_value(const std::string& text) { return Value::of(std::string_view(text)); }

template <typename T>
Value to_value(const T& value) {
  return Value::of(value);
}

}  // namespace

void HookObserver::on(const Event& event) {
  if (hooks_.empty()) return;
  Value fields = Value::map();
  for (const auto& [name, value] : event.fields)
    fields.set(name, std::visit([](const auto& held) { return to_value(held); }, value));
  const cm_options options = fields.options();
  for (Hook& hook : hooks_) {
    const Status status = hook.event(event.name, options);
    if (status.ok()) continue;
    ++failures_;
    log_.warn("event " + event.name + ": " + status.message());
  }
}

}  // namespace chunkmill::host
