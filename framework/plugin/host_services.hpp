// What the host does for plugins: a C++ interface, and the C table over it.
#pragma once

#include <string>
#include <string_view>

#include "chunkmill/abi/host.h"
#include "framework/core/status.hpp"

namespace chunkmill::host {

// HostServices is implemented by the engine, one object a plugin object (so that it knows who logs
// and counts). What it throws never reaches the plugin: it becomes an error, or nothing where there
// is no way to say so. Threads: log_enabled, log, metric and cancelled from any; secret and lookup
// from the thread that makes a [control] call.
class HostServices {
 public:
  virtual ~HostServices() = default;
  virtual bool log_enabled(int level) = 0;                                 // CM_LOG_*
  virtual void log(int level, std::string_view message) = 0;               // one line
  virtual void metric(int kind, std::string_view name, double value) = 0;  // CM_METRIC_*
  virtual bool cancelled() = 0;
  // kNotFound where there is no such secret.
  virtual Result<std::string> secret(std::string_view name) = 0;
  // Fills `out` when ok; the plugin releases it. `wanted` may be null: all columns.
  virtual Status lookup(std::string_view name, const ArrowSchema* wanted,
                        ArrowArrayStream* out) = 0;
  virtual const void* extension(const char* /*id*/) { return nullptr; }
};

// HostTable is the cm_host over `services`. Both must outlive every plugin object that was created
// with it, and stay where they are.
class HostTable {
 public:
  explicit HostTable(HostServices& services);
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  const cm_host* abi() const { return &abi_; }

 private:
  cm_host abi_;
};

// Fills `error` so that status_of() on the other side of a plugin gives the same facts and text
// back. Returns the code.
cm_code error_of(const Status& status, cm_error* error);

}  // namespace chunkmill::host
