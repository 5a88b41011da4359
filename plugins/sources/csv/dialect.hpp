// How a CSV file is written. A value; read-only once the options are read.
#pragma once

namespace chunkmill::csv {

struct Dialect {
  char delimiter = ',';
  char quote = '"';
  bool has_quote = true;
  char comment = '\0';
  bool has_comment = false;
  // Blanks (space, tab) around a field do not belong to it; a quote may follow them.
  bool trim = false;

  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter; }
};

}  // namespace chunkmill::csv
