// Secrets: what no output may show.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace chunkmill::host {

// Replaces secrets in text by ***: the values that were added, and passwords in addresses, which
// may stand where no plugin has called them secret.
// Threads: any.
class Secrets {
 public:
  Secrets();
  ~Secrets();
  // From now on `value` is `***` wherever it occurs. An empty value is ignored.
  void add(std::string_view value);
  std::string redact(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chunkmill::host
