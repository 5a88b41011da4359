#include "framework/plugin/host_services.hpp"

#include <algorithm>
#include <cstring>
#include <exception>

#include "chunkmill/arrow.hpp"
#include "framework/plugin/calculator.hpp"

namespace chunkmill::host {
namespace {

HostServices& services_of(void* ctx) { return *static_cast<HostServices*>(ctx); }

std::string_view view_of(cm_str text) {
  return text.data == nullptr ? std::string_view() : from_abi(text);
}

// Cuts between characters of UTF-8, never inside one.
template <size_t N>
void fill(char (&field)[N], std::string_view text) {
  size_t size = std::min(text.size(), N - 1);
  if (size < text.size()) {
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  }
  std::memcpy(field, text.data(), size);
  field[size] = '\0';
}

int32_t log_enabled(void* ctx, int32_t level) {
  try {
    return services_of(ctx).log_enabled(level) ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

void log(void* ctx, int32_t level, cm_str message) {
  try {
    services_of(ctx).log(level, view_of(message));
  } catch (...) {
  }
}

void metric(void* ctx, int32_t kind, cm_str name, double value) {
  try {
    services_of(ctx).metric(kind, view_of(name), value);
  } catch (...) {
  }
}

int32_t cancelled(void* ctx) {
  try {
    return services_of(ctx).cancelled() || output_is_full() ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

// Runs `service`, which gives a Status, so that nothing leaves it but a code.
template <typename Service>
cm_code answer(cm_error* error, Service&& service) {
  try {
    return error_of(service(), error);
  } catch (const std::exception& thrown) {
    return error_of(Status(Code::kInternal, thrown.what()), error);
  } catch (...) {
    return error_of(Status(Code::kInternal, "the host threw"), error);
  }
}

cm_code secret(void* ctx, cm_str name, const cm_out* out, cm_error* error) {
  return answer(error, [&]() -> Status {
    ASSIGN_OR_RETURN(const std::string value, services_of(ctx).secret(view_of(name)));
    out->write(out->ctx, value.data(), value.size());
    return Status();
  });
}

cm_code lookup(void* ctx, cm_str name, const ArrowSchema* wanted, ArrowArrayStream* out,
               cm_error* error) {
  return answer(error, [&] { return services_of(ctx).lookup(view_of(name), wanted, out); });
}

const void* get_extension(void* ctx, const char* id) {
  try {
    return id == nullptr ? nullptr : services_of(ctx).extension(id);
  } catch (...) {
    return nullptr;
  }
}

cm_code code_of(const Status& status) {
  if (status.facts().code != CM_OK) return status.facts().code;
  switch (status.code()) {
    case Code::kOk:
      return CM_OK;
    case Code::kEnd:
      return CM_END;
    case Code::kUsage:
    case Code::kJob:
      return CM_INVALID;
    case Code::kNotFound:
      return CM_NOT_FOUND;
    case Code::kUnavailable:
      return CM_UNAVAILABLE;
    case Code::kState:
      return CM_IO;
    case Code::kThreshold:
      return CM_DATA;
    case Code::kCancelled:
      return CM_CANCELLED;
    case Code::kPlugin:
    case Code::kInternal:
      return CM_INTERNAL;
  }
  return CM_INTERNAL;
}

}  // namespace

HostTable::HostTable(HostServices& services)
    : abi_{sizeof(cm_host), CM_ABI_MINOR, &services, log_enabled, log,
           metric,          cancelled,    secret,    lookup,      get_extension} {}

cm_code error_of(const Status& status, cm_error* error) {
  const cm_code code = status.ok() ? CM_OK : code_of(status);
  if (code == CM_OK || error == nullptr || !CM_HAS(error, cm_error, message)) return code;
  const PluginFacts& facts = status.facts();
  error->code = code;
  error->retryable = facts.retryable ? 1 : 0;
  error->vendor_code = facts.vendor_code;
  error->retry_after_ms = facts.retry_after_ms;
  error->row = facts.row;
  fill(error->sqlstate, facts.sqlstate);
  fill(error->where, facts.where);
  fill(error->message, status.message());
  return code;
}

}  // namespace chunkmill::host
