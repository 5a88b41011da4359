// The sql calculator: one SELECT over rows and lookups. README.md beside this file says how it is
// used. Begin here, then select_lane.hpp (how it runs) and columns_of_result.hpp (what is checked).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "chunkmill/mutex.hpp"
#include "plugins/calculators/sql/select_lane.hpp"

namespace chunkmill::select {

class Sql : public BatchCalculator {
 public:
  static constexpr Info kInfo{"sql", "1.0.0",
                              "Rename, derive, filter and join rows with one SELECT of SQL",
                              CM_CALCULATOR_PURE};

  struct Lane {
    explicit Lane(const Sql& sql);
    SelectLane select;
  };

  void configure(Options& opt);
  void bind(Columns& columns);
  void process(Lane& lane, const Batch& batch, Outputs& outputs, RowErrors& errors) const {
    lane.select.run(batch, outputs, errors);
  }

 private:
  const LookupTables* lookup_tables() const;

  StatementOptions options_;
  std::vector<LookupName> lookup_names_;
  Schema chunk_;
  Plan plan_;
  // Threads: made by the lane that is opened first; the mutex guards both.
  mutable Mutex mutex_;
  mutable std::vector<Lookup> lookups_;  // until the tables are made of them
  mutable std::unique_ptr<const LookupTables> tables_;
};

}  // namespace chunkmill::select
