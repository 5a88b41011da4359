// Reads all that reports are made from, once, at the first report: results, those of the last time,
// rejects and statements. Their lookups are opened before, so that a column that is missing is a
// fault of the job file and not of a run.
//
// Threads: open() by one; evidence() any, guarded by a mutex.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "plugins/calculators/scope3/inventory/part_reader.hpp"
#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

struct EvidenceOptions {
  std::vector<LookupName> results, parts, previous, rejects;
  LookupName statements;
  ResultNames names;
  MethodNames primary_methods;
  bool compare_ids = true;
};

class EvidenceReader {
 public:
  void open(const Host& host, const EvidenceOptions& options);
  // Of the inventory of that name; without `columns.inventory` of "".
  Evidence evidence(const std::string& inventory);

 private:
  void read();

  const EvidenceOptions* options_ = nullptr;
  Mutex mutex_;  // Threads: guards all below once it is open
  bool is_read_ = false;
  std::exception_ptr failure_;  // the lookups cannot be read a second time
  std::vector<ResultReader> results_, results_again_, previous_;
  PartReader parts_;
  std::vector<TableStream> rejects_;
  std::vector<TableStream> statements_;  // one, or none

  std::map<std::string, Tally> tallies_;
  std::map<std::string, Gaps> gaps_;
  std::map<std::string, Statements> said_;
  std::map<std::string, Overlaps> overlaps_;
  std::map<std::string, Changes> changes_;
  bool has_ids_ = false;
  bool has_purchases_ = false;
  bool has_spreads_ = false;
};

}  // namespace chunkmill::scope3
