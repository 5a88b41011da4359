// Appends every event to a file, one JSON object a line: {"event":"chunk",...}. Each line is one
// write to a file opened for appending, so that several jobs may share the file.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/file.hpp"
#include "chunkmill/hook.hpp"

namespace chunkmill::jsonl_hook {

class JsonlHook final : public Hook {
 public:
  static constexpr Info kInfo{"jsonl", "1.0.0", "Append every event to a file, as JSON lines"};

  void configure(Options& options);
  void event(std::string_view name, const EventValue& fields) override;

 private:
  void append(std::string_view line);

  Path path_;
  std::vector<std::string> events_;  // empty: all
  files::OpenFile file_;
};

}  // namespace chunkmill::jsonl_hook
