// A file that `rejects export` has written and somebody has mended: read record by record, so that
// memory stays flat. CSV with a comma, a semicolon or a tab (spreadsheets change it), or JSON
// lines.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/state/store.hpp"

namespace chunkmill::host::cli {

std::string to_base64(std::string_view bytes);
// Nothing where it is not base64.
std::optional<std::string> from_base64(std::string_view text);

// Threads: one.
class RejectFile {
 public:
  // Code::kUsage where it cannot be read or has no `id` and `raw`.
  static Result<std::unique_ptr<RejectFile>> open(const std::string& path);
  // Tells one content from another.
  const std::string& identity() const { return identity_; }
  // The next record; nothing at the end. Code::kUsage with file and line for what cannot be used.
  Result<std::optional<EditedRecord>> next();

 private:
  explicit RejectFile(std::string path) : path_(std::move(path)) {}
  Status read_header();
  // False at the end.
  Result<bool> read_fields(std::vector<std::string>* fields);
  Result<std::optional<EditedRecord>> next_csv();
  Result<std::optional<EditedRecord>> next_json();
  Result<std::optional<EditedRecord>> record(const std::string& id, std::string raw,
                                             const std::string& base64) const;
  Status fault(const std::string& what) const;

  const std::string path_;
  std::string identity_;
  std::ifstream in_;
  int64_t line_ = 0;    // that was read last
  int64_t begins_ = 1;  // where the record in hand begins
  char delimiter_ = ',';
  size_t id_at_ = 0;
  size_t raw_at_ = 0;
  std::optional<size_t> base64_at_;
};

}  // namespace chunkmill::host::cli
