// Start here: the csv source. Files -> splits -> lanes; a lane goes stream -> RecordReader (index
// of fields) -> RecordScreen (rows and no rows) -> BatchWriter (columns).
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chunkmill/files/file_part.hpp"
#include "chunkmill/source.hpp"
#include "csv_file.hpp"
#include "csv_options.hpp"
#include "split_lane.hpp"

namespace chunkmill::csv {

// Reads CSV files. All but interrupt() is as chunkmill::Source says; the contracts of bad input are
// in README.md beside this file.
class CsvSource : public Source {
 public:
  static constexpr Info kInfo{"csv", "1.0.0",
                              "Read CSV files: any dialect, gzip, patterns, in parallel parts"};

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
  void find_input();
  void warn_of_oddities();
  Schema make_schema() const;
  void plan_file(size_t file, uint32_t parallel);
  LanePlan lane_plan(size_t file) const { return {options_, files_[file], columns_}; }

  CsvOptions options_;
  bool found_ = false;
  std::vector<CsvFile> files_;
  Schema schema_;
  std::vector<OutputColumn> columns_;
  std::vector<files::FilePart> parts_;
  bool standard_input_open_ = false;
  std::atomic<bool> interrupted_ = false;  // Threads: any
};

}  // namespace chunkmill::csv
