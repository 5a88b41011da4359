#include "csv_options.hpp"

#include "date_format.hpp"

namespace chunkmill::csv {
namespace {

void check_distinct(const Dialect& dialect) {
  const auto same = [](const char* option, const char* other) {
    throw Error(CM_INVALID, std::string("it is the same character as ") + other).at(option);
  };
  if (dialect.has_quote && dialect.quote == dialect.delimiter) same("quote", "delimiter");
  if (dialect.has_comment && dialect.comment == dialect.delimiter) same("comment", "delimiter");
  if (dialect.has_comment && dialect.has_quote && dialect.comment == dialect.quote)
    same("comment", "quote");
}

}  // namespace

Field field_of(const std::string& name, const ColumnSpec& spec) {
  Field field = files::field_of(name, spec);
  if (spec.format.empty()) return field;
  if (field.type != Type::kDate32 && field.type != Type::kTimestamp)
    throw Error(CM_INVALID, "a format is for a date or a timestamp, not for " + spec.type)
        .at("columns." + name + ".format");
  const std::string wrong = check_date_format(spec.format, field.type);
  if (!wrong.empty()) throw Error(CM_INVALID, wrong).at("columns." + name + ".format");
  return field;
}

// The characters with a meaning, as the options have them.
struct CsvOptions::Marks {
  Character delimiter;
  std::optional<Character> quote{{Dialect().quote}};
  std::optional<Character> comment;
  std::optional<Character> thousands;
  Character decimal{'.'};
};

void CsvOptions::take(const Marks& marks) {
  has_delimiter = marks.delimiter.value != '\0';
  if (has_delimiter) dialect.delimiter = marks.delimiter.value;
  dialect.has_quote = marks.quote.has_value();
  if (marks.quote) dialect.quote = marks.quote->value;
  dialect.has_comment = marks.comment.has_value();
  if (marks.comment) dialect.comment = marks.comment->value;
  check_distinct(dialect);
  if (marks.thousands) rules.numbers.thousands = marks.thousands->value;
  rules.numbers.decimal = marks.decimal.value;
  if (rules.numbers.thousands == rules.numbers.decimal)
    throw Error(CM_INVALID, "it is the same character as decimal").at("thousands");
}

void CsvOptions::configure(Options& options) {
  std::vector<Path> files;
  Marks marks;
  std::string encoding = rules.encoding.name;
  Bytes split{split_bytes};
  Bytes buffer{buffer_bytes};
  Bytes max_record{max_record_bytes};

  options.required("path", files,
                   "file or files to read; * ? [abc] are patterns; \"-\" is standard input");
  options.optional(
      "delimiter", marks.delimiter,
      "character between fields, or: tab, space; without it a comma, or what a line sep=; in "
      "front of the header says");
  options.optional("quote", marks.quote, "character around fields; \"\" if there is none");
  options.optional("header", header,
                   "the first record holds the names; if not, columns are called as in `columns`, "
                   "or column_1, column_2, ...");
  options.optional("columns", columns,
                   "types by name: string, int32, int64, float, bool, date, timestamp, "
                   "decimal(18,2); or {type, unit, format}; others are text until a number is "
                   "asked for");
  options.choice("ragged", ragged, {{"reject", RaggedRows::kReject}, {"fill", RaggedRows::kFill}},
                 "records with too few fields: reject them, or take the missing ones as empty; too "
                 "many are always rejected");
  options.optional("comment", marks.comment, "lines that begin with this character are skipped");
  options.optional("skip_lines", skip_lines, "lines to skip before the header");
  options.optional("null_values", rules.null_values,
                   "text that stands for null; in a text column only where it is not quoted");
  options.optional("trim", dialect.trim, "take spaces and tabs around fields off");
  options.optional("thousands", marks.thousands, "separator between groups of three digits");
  options.optional("decimal", marks.decimal, "decimal sign of numbers");
  options.choice(
      "fractions", rules.fractions,
      {{"reject", Fractions::kReject}, {"round", Fractions::kRound}, {"cut", Fractions::kCut}},
      "times that are finer than a microsecond, which is what is kept: reject, round or "
      "cut them");
  options.optional("encoding", encoding,
                   "encoding of the files: utf-8, utf-16, windows-1252, latin-1, shift_jis, ... by "
                   "any name that iconv knows");
  options.choice("compression", compression,
                 {{"auto", files::Compression::kAuto},
                  {"none", files::Compression::kNone},
                  {"gzip", files::Compression::kGzip}},
                 "auto looks at the first bytes of each file");
  options.optional("split_bytes", split,
                   "size of the parts of a large file that are read in parallel; 0: by its size");
  options.optional("buffer", buffer, "bytes that are read at once");
  options.optional("max_record_bytes", max_record, "a larger record is rejected");
  if (options.describing()) return;

  for (Path& file : files) paths.push_back(std::move(file.value));
  take(marks);
  rules.encoding = find_encoding(encoding);
  for (const auto& [name, spec] : columns) field_of(name, spec);
  constexpr uint64_t kMost = uint64_t{1} << 30;
  if (max_record.count == 0 || max_record.count > kMost)
    throw Error(CM_INVALID, "it must be between 1B and 1GiB").at("max_record_bytes");
  if (buffer.count == 0 || buffer.count > kMost)
    throw Error(CM_INVALID, "it must be between 1B and 1GiB").at("buffer");
  split_bytes = split.count;
  buffer_bytes = buffer.count;
  max_record_bytes = max_record.count;
}

}  // namespace chunkmill::csv
