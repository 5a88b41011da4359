// Writes one stream as JSON lines, exactly once. The file itself is the business of
// chunkmill/files/committed_file.hpp.
#pragma once

#include <memory>

#include "jsonl_format.hpp"

namespace chunkmill::jsonl_sink {

class JsonlSink final : public files::FileSink {
 public:
  static constexpr Info kInfo{"jsonl", "1.0.0",
                              "Write JSON objects, one a line, exactly once, plain or gzip"};

  void configure(Options& options) {
    configure_file(options);
    options.choice("nulls", write_nulls_, {{"write", true}, {"omit", false}},
                   "a null is written as null, or its key is left out");
  }

 protected:
  void bind_schema(const Schema&) override {}
  std::unique_ptr<files::RowFormat> make_format() const override {
    return std::make_unique<JsonlFormat>(schema(), write_nulls_);
  }

 private:
  bool write_nulls_ = true;
};

}  // namespace chunkmill::jsonl_sink
