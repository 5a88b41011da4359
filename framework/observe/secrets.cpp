#include "framework/observe/secrets.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace chunkmill::host {
namespace {

// "postgresql://user:***@host" of "postgresql://user:word@host", wherever it stands in `text`: an
// address may stand where no plugin has called it a secret.
std::string without_passwords(std::string text) {
  for (size_t scheme = text.find("://"); scheme != std::string::npos;
       scheme = text.find("://", scheme + 3)) {
    const size_t begin = scheme + 3;
    const size_t end = std::min(text.find_first_of(" /?#\"'\n", begin), text.size());
    const size_t colon = text.find(':', begin);
    const size_t at = std::string_view(text).substr(0, end).rfind('@');
    if (at == std::string::npos || at < begin || colon == std::string::npos || colon > at) continue;
    text.replace(colon + 1, at - colon - 1, "***");
  }
  return text;
}

}  // namespace

struct Secrets::Impl {
  // Threads: any number read, one adds.
  mutable std::shared_mutex mutex;
  std::vector<std::string>
      values;  // guarded by mutex; longest first, so that no part of one is left over
};

Secrets::Secrets() : impl_(std::make_unique<Impl>()) {}
Secrets::~Secrets() = default;

void Secrets::add(std::string_view value) {
  if (value.empty()) return;
  const std::unique_lock lock(impl_->mutex);
  std::vector<std::string>& values = impl_->values;
  if (std::find(values.begin(), values.end(), value) != values.end()) return;
  const auto place = std::find_if(values.begin(), values.end(), [&](const std::string& other) {
    return other.size() < value.size();
  });
  values.emplace(place, value);
}

std::string Secrets::redact(std::string_view text) const {
  const std::shared_lock lock(impl_->mutex);
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto hit =
        std::find_if(impl_->values.begin(), impl_->values.end(),
                     [&](const std::string& value) { return text.substr(at).starts_with(value); });
    if (hit == impl_->values.end()) {
      out += text[at++];
    } else {
      out += "***";
      at += hit->size();
    }
  }
  return without_passwords(std::move(out));
}

}  // namespace chunkmill::host
