// The lanes of the jsonl source: one reads a split of a file, one reads records that are given as
// text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chunkmill/source.hpp"
#include "line_reader.hpp"
#include "record_columns.hpp"

namespace chunkmill::jsonl {

// How much of a record that is too large its reject keeps.
inline constexpr size_t kMaxRaw = size_t{64} << 10;

// What all lanes of a source share; the references outlive them.
struct LanePlan {
  const std::vector<Column>& columns;
  const KeySet* known;  // as UnreadKeys has it
  const JsonlOptions& options;
  // Told of the keys that a batch has left unread. Threads: any.
  std::function<void(const UnreadKeys&, const std::string& path)> report_unread;
};

class SplitLane final : public SourceLane {
 public:
  // `reader` counts the lines of the split; `first_line` says at which line of the file it begins,
  // and is asked when there is a reject.
  SplitLane(LanePlan plan, LineReader reader, std::string path,
            std::function<uint64_t()> first_line);

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override;
  std::string position() const override { return files::place_text(reader_.place()); }

 private:
  const LanePlan plan_;
  LineReader reader_;
  const std::string path_;
  const std::function<uint64_t()> first_line_;
  RecordColumns columns_;
};

class ReplayLane final : public SourceLane {
 public:
  ReplayLane(LanePlan plan, std::vector<Record> records);

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override;
  std::string position() const override { return std::to_string(at_); }

 private:
  const LanePlan plan_;
  std::vector<Record> records_;
  size_t at_ = 0;
  RecordColumns columns_;
};

}  // namespace chunkmill::jsonl
