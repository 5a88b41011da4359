// Rows out of nothing but a seed: for load tests, examples and tests. README.md beside this file.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/source.hpp"
#include "column.hpp"

namespace chunkmill::generate {

class GenerateSource final : public Source {
 public:
  static constexpr Info kInfo{"generate", "1.0.0", "Make synthetic rows from a seed"};

  void configure(Options& options);
  Schema schema() override;
  bool select(const Schema& wanted) override;
  std::vector<Split> plan(uint32_t parallel) override;
  std::string identity() override;
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override;
  void records(std::string_view split, std::string_view begin, std::span<const uint64_t> ordinals,
               RecordSink& out);
  std::unique_ptr<SourceLane> replay(std::vector<Record> records);

 private:
  std::string row_as_json(uint64_t row) const;

  uint64_t rows_ = 0;
  uint64_t seed_ = 1;
  std::vector<Column> columns_;   // all of them
  std::vector<Column> selected_;  // those that batches hold
};

}  // namespace chunkmill::generate
