// One input: where its records begin and what its columns are called.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "csv_options.hpp"
#include "input_stream.hpp"
#include "record_reader.hpp"

namespace chunkmill::csv {

struct CsvFile {
  std::string path;  // as messages and rejects name it; "-" is standard input
  std::string name;  // short, stable: see files::short_names()
  files::FileFacts facts;
  bool is_standard_input = false;
  bool is_gzip = false;
  Dialect dialect;                    // the options', but for the delimiter of a line "sep=;"
  std::string charset;                // of its text, for iconv; empty: UTF-8
  std::string head;                   // what was read of standard input so far
  std::vector<std::string> warnings;  // for people: what is odd about it
  std::vector<std::string> names;     // of its columns, in its order; empty when it has no record
  Place data;                         // of the first record behind the header
  double bytes_per_record = 0;        // in its first buffer; 0 if it has none

  // Its bytes are the text itself: parts of it can be read on their own.
  bool can_be_cut(const CsvOptions& options) const {
    return !is_standard_input && !is_gzip && options.rules.encoding.is_utf8();
  }
  // Field of that name, -1 if there is none.
  int find(const std::string& column) const;
};

// Looks at the head of a file. Throws Error when it cannot be read or its header is none.
CsvFile inspect(const std::string& path, const CsvOptions& options);

// The text from `from` on; up to `to` where the file can be cut, else to its end.
std::unique_ptr<files::ByteStream> open_text_of(const CsvFile& file, const CsvOptions& options,
                                                uint64_t from, uint64_t to);

// Throws Error when two files have other columns: their order may differ, their names may not.
void check_same_columns(const std::vector<CsvFile>& files);

}  // namespace chunkmill::csv
