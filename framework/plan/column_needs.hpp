// Which of the source's columns somebody downstream needs, and in which types.
#pragma once

#include <string>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/plugin/calculator.hpp"

namespace chunkmill::host {

// Columns on their way down the stages: each knows whether it comes straight from the source.
// Gathers what is asked of source columns; the first one who asks for a type decides it.
class ColumnNeeds {
 public:
  explicit ColumnNeeds(const Schema& source);

  // What the next stage sees.
  const Schema& current() const { return current_; }

  // Takes note of what a calculator needs. kJob, with facts().where the option's path, where a
  // column is missing, cannot be turned into the wanted type, or has another unit.
  Status add(const std::vector<Need>& needs);

  // The input the calculator with these needs gets: current() with the wanted types.
  Schema input_for(const std::vector<Need>& needs) const;

  // The main stream after a stage that got `input`. `append`: the stage's columns join the input's.
  void advance(const Schema& input, const Schema& output, bool append);

  // Marks all columns of the main stream as needed: a sink takes them.
  void need_all();

  // The source columns that are needed, with their types, in the source's order; at least one, so
  // that rows can be counted.
  Schema wanted() const;

 private:
  struct Origin {
    int source = -1;  // index in the source's schema; -1: made by a stage
  };

  Schema source_;
  std::vector<bool> needed_;  // by source column
  std::vector<bool> typed_;   // by source column: somebody asked for its type
  Schema current_;
  std::vector<Origin> origins_;  // beside current_
};

}  // namespace chunkmill::host
