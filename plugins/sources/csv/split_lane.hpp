// Reads one split of one file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "batch_writer.hpp"
#include "chunkmill/source.hpp"
#include "csv_file.hpp"
#include "csv_options.hpp"
#include "record_reader.hpp"
#include "record_screen.hpp"

namespace chunkmill::csv {

// What all lanes over one file share; the references outlive them.
struct LanePlan {
  const CsvOptions& options;
  const CsvFile& file;
  const std::vector<OutputColumn>& columns;

  // What rejects keep of a record: its text, cut when it is long, undefined bytes as they stood.
  std::string kept(std::string_view raw) const;
  // Field of a record for each of the columns.
  std::vector<size_t> positions() const;
};

class SplitLane : public SourceLane {
 public:
  // `stream` stands at `begin`, the start of a record.
  SplitLane(const LanePlan& plan, std::unique_ptr<files::ByteStream> stream, Place begin);

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override;
  std::string position() const override;

 private:
  void take_odd(Ahead ahead, uint64_t ordinal, RowErrors& errors);

  const LanePlan plan_;
  const std::vector<size_t> positions_;
  RecordReader reader_;
  RecordScreen screen_;
  BatchWriter writer_;
};

// A lane over records that are given as text. Each is read as the file that it says it came from,
// or as the first one.
class ReplayLane : public SourceLane {
 public:
  // One plan a file, at least one.
  ReplayLane(std::vector<LanePlan> plans, std::vector<Record> records);

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override;
  std::string position() const override { return std::to_string(at_); }

 private:
  void replay(const Record& record, uint64_t ordinal, RowErrors& errors);
  const LanePlan& plan_of(const Record& record) const;

  const std::vector<LanePlan> plans_;
  const std::vector<Record> records_;
  size_t at_ = 0;
  RecordScreen screen_;
  BatchWriter writer_;
};

// Reads a chunk's records again and hands out those of the given ordinals, which ascend.
void read_records(const LanePlan& plan, std::unique_ptr<files::ByteStream> stream, Place begin,
                  std::span<const uint64_t> ordinals, RecordSink& out);

}  // namespace chunkmill::csv
