// Writes one stream as a CSV file, exactly once; README.md beside this file says how. The file
// itself is the business of chunkmill/files/committed_file.hpp.
#pragma once

#include <memory>
#include <string>

#include "csv_format.hpp"

namespace chunkmill::csv_sink {

class CsvSink final : public files::FileSink {
 public:
  static constexpr Info kInfo{"csv", "1.0.0", "Write a CSV file, exactly once, plain or gzip"};

  void configure(Options& options);

 protected:
  void bind_schema(const Schema& schema) override;
  std::string head() const override;
  std::string shape() const override;
  std::unique_ptr<files::RowFormat> make_format() const override;

 private:
  CsvStyle style_;
  bool header_ = true;
};

}  // namespace chunkmill::csv_sink
