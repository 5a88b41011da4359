// Start here: the jsonl source. Files -> splits at line ends -> lanes; a lane goes stream ->
// LineReader (lines) -> RecordColumns: FlatReader for records as most files have them, else
// JsonRecordReader -> ValueColumns. README.md beside this file says what becomes of bad input.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chunkmill/files/file_part.hpp"
#include "chunkmill/mutex.hpp"
#include "chunkmill/source.hpp"
#include "jsonl_options.hpp"
#include "lanes.hpp"
#include "line_reader.hpp"

namespace chunkmill::jsonl {

class JsonlSource final : public Source {
 public:
  static constexpr Info kInfo{"jsonl", "1.1.0",
                              "Read JSON objects, one a line: gzip, patterns, in parallel parts"};

  void configure(Options& options) { options_.configure(options); }
  Schema schema() override;
  bool select(const Schema& wanted) override;
  std::vector<Split> plan(uint32_t parallel) override;
  std::string identity() override;
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override;
  void interrupt() override { interrupted_ = true; }
  void records(std::string_view split, std::string_view begin, std::span<const uint64_t> ordinals,
               RecordSink& out);
  std::unique_ptr<SourceLane> replay(std::vector<Record> records);

 private:
  struct File {
    std::string path;
    std::string name;  // short, stable
    files::FileFacts facts;
    bool is_gzip = false;
  };

  void find_input();
  void find_columns();
  void plan_file(size_t file, bool may_cut);
  std::vector<uint64_t> find_cuts(const File& file, uint64_t target) const;
  static double bytes_per_line(const File& file);
  uint64_t first_line(size_t part);
  LanePlan lane_plan();
  void tell(const UnreadKeys& unread, const std::string& path);
  LineReader reader_of(const File& file, Place begin, uint64_t end) const;
  const Column* find_column(std::string_view name) const;

  JsonlOptions options_;
  bool found_ = false;
  std::vector<File> files_;
  std::vector<Column> columns_;   // all of them
  KeySet keys_;                   // of columns_ that were found in the first records
  std::vector<Column> selected_;  // those that batches hold
  std::vector<files::FilePart> parts_;
  Mutex lines_mutex_;
  // Of each part; 0: not counted.
  std::vector<uint64_t> first_lines_ CHUNKMILL_GUARDED_BY(lines_mutex_);
  Mutex unread_mutex_;
  KeySet told_ CHUNKMILL_GUARDED_BY(unread_mutex_);  // unread keys that were warned of
  std::atomic<bool> interrupted_ = false;            // Threads: any
};

}  // namespace chunkmill::jsonl
