// The options of the csv source.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/packed.hpp"
#include "chunkmill/options.hpp"
#include "column_spec.hpp"
#include "dialect.hpp"
#include "encoding.hpp"
#include "record_screen.hpp"

namespace chunkmill::csv {

struct CsvOptions {
  std::vector<std::string> paths;
  Dialect dialect;
  bool has_delimiter = false;  // the job says which: no line "sep=;" overrules it
  bool header = true;
  ColumnSpecs columns;
  RaggedRows ragged = RaggedRows::kReject;
  uint32_t skip_lines = 0;
  ValueRules rules;
  files::Compression compression = files::Compression::kAuto;
  uint64_t split_bytes = 0;  // 0: by the size of the file
  size_t buffer_bytes = size_t{256} << 10;
  size_t max_record_bytes = size_t{16} << 20;

  // Describes or reads them. Throws Error(CM_INVALID) at the option's path.
  void configure(Options& options);

  ReaderLimits reader_limits() const { return {buffer_bytes, max_record_bytes, &best_scanner()}; }

 private:
  struct Marks;
  void take(const Marks& marks);
};

// The field that an entry of `columns` asks for, of the given name. Throws Error(CM_INVALID).
Field field_of(const std::string& name, const ColumnSpec& spec);

}  // namespace chunkmill::csv
