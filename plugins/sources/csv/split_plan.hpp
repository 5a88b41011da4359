// Cuts a file into parts that can be read on their own. Every cut is at the start of a record as
// the scanner defines it, newlines in quotes and stray quotes included: the file is read once, at
// the speed of finding quotes and line ends, before the run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chunkmill/files/file_part.hpp"
#include "dialect.hpp"
#include "record_reader.hpp"

namespace chunkmill::csv {

struct CutRequest {
  std::string path;
  Place begin;            // the first record
  uint64_t end;           // of the file
  uint64_t target_bytes;  // of a part
  unsigned threads;       // at most; the cuts do not depend on it
  size_t block_bytes = size_t{256} << 10;
};

// Where each part begins, the first at `begin`, ascending; and the line behind the last part.
struct CutPlan {
  std::vector<Place> parts;
  uint64_t last_line = 0;
};

using files::part_bytes;

// `cancelled` is asked now and then, from any thread: then Error(CM_CANCELLED) is thrown. Other
// failures: Error(CM_IO).
CutPlan find_cuts(const CutRequest& request, const Dialect& dialect, const Scanner& scanner,
                  const std::function<bool()>& cancelled);

}  // namespace chunkmill::csv
