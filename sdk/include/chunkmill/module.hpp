// What the four kinds of plugin share when they are exported. Plugins include source.hpp,
// calculator.hpp, sink.hpp or hook.hpp.
#pragma once

#include "chunkmill/abi/module.h"
#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill {

// The part of every plugin object that the SDK fills in.
class Plugin {
 public:
  const Host& host() const { return host_; }
  void set_host(const cm_host* host) { host_ = Host(host); }

 private:
  Host host_;
};

namespace detail {

inline void write_to(const cm_out* out, std::string_view text) {
  if (!text.empty()) out->write(out->ctx, text.data(), text.size());
}

// The option schema of plugin class T: its configure() run without values.
template <typename T>
cm_code describe_plugin(const cm_out* out, cm_error* error) noexcept {
  return guard(error, [&] {
    T plugin;
    std::string schema;
    Options options(&schema);
    if constexpr (requires { plugin.configure(options); }) plugin.configure(options);
    options.close_schema();
    write_to(out, schema);
    return CM_OK;
  });
}

// A configured object of plugin class T.
template <typename T>
std::unique_ptr<T> create_plugin(const cm_host* host, const cm_options* values) {
  auto plugin = std::make_unique<T>();
  plugin->set_host(host);
  Options options(values);
  if constexpr (requires { plugin->configure(options); }) plugin->configure(options);
  return plugin;
}

inline Schema import_schema(const ArrowSchema* arrow) {
  Schema schema;
  std::string why;
  if (!Schema::import(*arrow, &schema, &why)) throw Error(CM_UNSUPPORTED, why);
  return schema;
}

template <size_t N>
struct FixedText {
  char text[N] = {};
};

constexpr cm_identity make_identity(uint32_t kind, const Info& info) {
  cm_identity identity{CM_IDENTITY_MAGIC,
                       sizeof(cm_identity),
                       CM_ABI_MAJOR,
                       CM_ABI_MINOR,
                       0,
                       kind,
                       info.flags,
                       {},
                       {},
                       {}};
  const auto copy = [](char* to, size_t size, const char* from) {
    for (size_t i = 0; i + 1 < size && from[i] != '\0'; ++i) to[i] = from[i];
  };
  copy(identity.name, sizeof identity.name, info.name);
  copy(identity.version, sizeof identity.version, info.version);
  copy(identity.summary, sizeof identity.summary, info.summary);
  return identity;
}

// `extension` may be null.
template <typename T>
constexpr cm_module make_module(uint32_t kind, const void* api,
                                const void* (*extension)(const char* id)) {
  return cm_module{sizeof(cm_module),
                   CM_ABI_MAJOR,
                   CM_ABI_MINOR,
                   0,
                   kind,
                   T::kInfo.flags,
                   T::kInfo.name,
                   T::kInfo.version,
                   T::kInfo.summary,
                   api,
                   describe_plugin<T>,
                   extension};
}

}  // namespace detail
}  // namespace chunkmill

// Exports plugin class T of a kind with its ABI table and what finds its extensions, or nullptr.
// Once in a plugin.
#define CHUNKMILL_EXPORT(T, KIND, TABLE, EXTENSION)                                              \
  extern "C" {                                                                                   \
  __attribute__((used, section(CM_IDENTITY_SECTION))) constexpr cm_identity chunkmill_identity = \
      ::chunkmill::detail::make_identity(KIND, T::kInfo);                                        \
  CM_EXPORT extern const cm_module chunkmill_module_v1;                                          \
  const cm_module chunkmill_module_v1 =                                                          \
      ::chunkmill::detail::make_module<T>(KIND, &(TABLE), EXTENSION);                            \
  }
