#include "csv_file.hpp"

#include <algorithm>

#include "chunkmill/files/gunzip.hpp"
#include "chunkmill/utf8.hpp"
#include "field_text.hpp"
#include "input_file.hpp"
#include "separators.hpp"
#include "shown.hpp"
#include "transcode.hpp"

namespace chunkmill::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The first bytes of a stream, and the stream with them still in it.
std::string peek(std::unique_ptr<files::ByteStream>* stream, size_t count) {
  std::string head(count, '\0');
  size_t size = 0;
  while (size < count) {
    const size_t got = (*stream)->read(head.data() + size, count - size);
    if (got == 0) break;
    size += got;
  }
  head.resize(size);
  *stream = prepend(head, std::move(*stream));
  return head;
}

// The bytes of the text, whatever the file is packed in.
std::unique_ptr<files::ByteStream> unpack(std::unique_ptr<files::ByteStream> stream,
                                          const CsvFile& file) {
  if (!file.is_gzip) return stream;
  return std::make_unique<files::GunzipStream>(std::move(stream), file.path);
}

std::unique_ptr<files::ByteStream> open_raw(CsvFile* file) {
  if (file->is_standard_input) return copy_while_reading(open_standard_input(), &file->head);
  return std::make_unique<files::FileRange>(file->path, file->facts, 0, file->facts.size);
}

// Passes `count` lines, whatever they hold.
void skip_lines(std::unique_ptr<files::ByteStream>* stream, uint32_t count, Place* place) {
  char last = '\0';
  char c = '\0';
  uint32_t passed = 0;
  while ((*stream)->read(&c, 1) == 1) {
    const bool completes_crlf = last == '\r' && c == '\n';
    if (passed == count && !completes_crlf) {
      *stream = prepend(std::string(1, c), std::move(*stream));
      break;
    }
    ++place->offset;
    if ((c == '\n' && !completes_crlf) || c == '\r') ++passed;
    last = c;
  }
  place->line += passed;
}

std::string line_text(const CsvFile& file, uint64_t line) {
  return file.path + ":" + std::to_string(line);
}

// A line "sep=;" in front of the header says what the delimiter is.
void pass_separator_line(std::unique_ptr<files::ByteStream>* stream, const CsvOptions& options,
                         CsvFile* file) {
  const std::optional<SeparatorLine> line = separator_line(peek(stream, kSeparatorHead));
  if (!line) return;
  Dialect& dialect = file->dialect;
  const char said = line->delimiter;
  const bool differs = options.has_delimiter && dialect.delimiter != said;
  const bool taken = said == '\0' || (dialect.has_quote && said == dialect.quote) ||
                     (dialect.has_comment && said == dialect.comment);
  if (differs || taken)
    throw Error(CM_INVALID,
                line_text(*file, 1) + ": the line " +
                    shown("sep=" + std::string(said == '\0' ? 0 : 1, said)) +
                    " does not go with delimiter: " + delimiter_text(dialect.delimiter) +
                    (taken ? "; it names no character that could be one" : "") +
                    "; skip_lines: 1 passes it over")
        .at(file->path);
  dialect.delimiter = said;
  skip_lines(stream, 1, &file->data);
}

// Says what is odd about the first records: most of them are read as one column.
void look_at_shape(const RecordReader& reader, size_t first, bool has_header, CsvFile* file) {
  constexpr size_t kMost = 50;
  const RecordIndex& index = reader.index();
  for (const std::string& name : file->names)
    if (name.find(kByteOrderMark) != name.npos)
      file->warnings.push_back(line_text(*file, reader.place_of(first).line) + ": the name " +
                               shown(name) +
                               " has a byte order mark (U+FEFF) in it, which is not "
                               "to be seen");
  if (index.fields(first) != 1) return;
  std::vector<std::string_view> records;
  for (size_t r = first; r < index.records() && records.size() < kMost; ++r)
    if (!reader.raw(r).empty()) records.push_back(reader.raw(r));
  const std::optional<char> other = other_delimiter(records, file->dialect);
  if (!other) return;
  const size_t columns = 1 + count_outside_quotes(records[0], *other, file->dialect);
  file->warnings.push_back(line_text(*file, reader.place_of(first).line) + ": the " +
                           (has_header ? "header" : "first record") + " is one column, " +
                           shown(records[0]) + "; if " + std::to_string(columns) +
                           " are meant, set delimiter: " + delimiter_text(*other));
}

std::vector<std::string> header_names(const CsvFile& file, const RecordReader& reader,
                                      size_t record, const Dialect& dialect,
                                      const Encoding& encoding) {
  const RecordIndex& index = reader.index();
  const std::string where = line_text(file, reader.place_of(record).line);
  std::vector<std::string> names;
  std::string scratch;
  for (size_t k = 0; k < index.fields(record); ++k) {
    const uint32_t* ends = index.ends.data() + index.firsts.data()[record] + k;
    std::string name(field_text(reader.data(), ends[0] + 1, ends[1], dialect, &scratch).text);
    if (name.empty()) name = "column_" + std::to_string(k + 1);
    if (!is_utf8(name) || name.find('\0') != name.npos)
      throw Error(CM_INVALID, where + ": the name of column " + std::to_string(k + 1) + ", " +
                                  shown(name) + ", " + undecoded_text(name, encoding))
          .at(file.path);
    const auto same = std::find(names.begin(), names.end(), name);
    if (same != names.end())
      throw Error(CM_INVALID, where + ": columns " + std::to_string(same - names.begin() + 1) +
                                  " and " + std::to_string(k + 1) + " are both called " +
                                  shown(name) +
                                  "; rename one, or read without the header (skip_lines: " +
                                  std::to_string(reader.place_of(record).line) + ", header: false)")
          .at(file.path);
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> given_names(const CsvFile& file, const CsvOptions& options,
                                     size_t field_count) {
  std::vector<std::string> names;
  if (options.columns.empty()) {
    for (size_t k = 1; k <= field_count; ++k) names.push_back("column_" + std::to_string(k));
    return names;
  }
  for (const auto& [name, spec] : options.columns) names.push_back(name);
  if (names.size() != field_count)
    throw Error(CM_INVALID, line_text(file, file.data.line) + ": the first record has " +
                                std::to_string(field_count) + " fields, but without a header " +
                                "`columns` must name them all, and names " +
                                std::to_string(names.size()))
        .at("columns");
  return names;
}

// The first record that is neither blank nor a comment; false if there is none.
bool find_first_record(const CsvFile& file, RecordReader& reader, size_t* record) {
  while (true) {
    const Ahead ahead = reader.look();
    if (ahead == Ahead::kEnd) return false;
    if (ahead != Ahead::kRecords)
      throw Error(CM_INVALID, line_text(file, reader.odd().begin.line) + ": the first record " +
                                  (ahead == Ahead::kTooLarge
                                       ? "is larger than max_record_bytes; is this a CSV file?"
                                       : "has a quote that is never closed (opened on line " +
                                             std::to_string(reader.odd().quote_line) + ")"))
          .at(file.path);
    const RecordIndex& index = reader.index();
    for (size_t r = reader.cursor(); r < index.records(); ++r) {
      bool comment = false;
      for (const FlaggedRecord& flag : index.flagged) {
        if (flag.record != r) continue;
        comment |= flag.flag == RecordFlag::kComment;
        if (flag.flag == RecordFlag::kBadQuote)
          throw Error(CM_INVALID, line_text(file, reader.place_of(r).line) +
                                      ": the first record has text behind a closing quote")
              .at(file.path);
      }
      const bool blank = index.fields(r) == 1 && reader.raw(r).empty();
      if (blank || comment) continue;
      *record = r;
      return true;
    }
    reader.set_cursor(index.records());
  }
}

}  // namespace

int CsvFile::find(const std::string& column) const {
  const auto found = std::find(names.begin(), names.end(), column);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

CsvFile inspect(const std::string& path, const CsvOptions& options) {
  CsvFile file;
  file.path = path;
  file.dialect = options.dialect;
  file.is_standard_input = is_standard_input(path);
  if (!file.is_standard_input) file.facts = files::file_facts(path, kInputAdvice);
  std::unique_ptr<files::ByteStream> stream = open_raw(&file);
  const std::string head = peek(&stream, files::kPackedHead);
  file.is_gzip = files::is_unpacked(path, head, options.compression);
  if (std::string odd = files::plain_text_warning(path, head, options.compression); !odd.empty())
    file.warnings.push_back(std::move(odd));
  stream = unpack(std::move(stream), file);
  file.charset = charset_of(options.rules.encoding, peek(&stream, 4), path);
  stream = transcode(std::move(stream), options.rules.encoding, file.charset, path);
  size_t marks = 0;
  for (; peek(&stream, kByteOrderMark.size()) == kByteOrderMark; ++marks)
    files::skip(*stream, kByteOrderMark.size(), path);
  file.data.offset = marks * kByteOrderMark.size();
  if (marks > 1)
    file.warnings.push_back(path + " begins with " + std::to_string(marks) +
                            " byte order marks (U+FEFF); all of them are passed over");
  if (options.skip_lines == 0) pass_separator_line(&stream, options, &file);
  if (options.skip_lines > 0) skip_lines(&stream, options.skip_lines, &file.data);

  RecordReader reader(std::move(stream), file.dialect, options.reader_limits(), file.data);
  size_t record = 0;
  if (!find_first_record(file, reader, &record)) {
    // Nothing to read: what it would be called still matters where the names are given.
    if (!options.header)
      for (const auto& [name, spec] : options.columns) file.names.push_back(name);
    return file;
  }
  const RecordIndex& index = reader.index();
  file.bytes_per_record = static_cast<double>(index.begin(index.records()) - index.begin(record)) /
                          static_cast<double>(index.records() - record);
  if (options.header) {
    file.names = header_names(file, reader, record, file.dialect, options.rules.encoding);
    file.data = reader.place_of(record + 1);
  } else {
    file.data = reader.place_of(record);
    file.names = given_names(file, options, index.fields(record));
  }
  look_at_shape(reader, record, options.header, &file);
  return file;
}

std::unique_ptr<files::ByteStream> open_text_of(const CsvFile& file, const CsvOptions& options,
                                                uint64_t from, uint64_t to) {
  if (file.can_be_cut(options))
    return std::make_unique<files::FileRange>(file.path, file.facts, from, std::max(from, to));
  std::unique_ptr<files::ByteStream> stream;
  if (file.is_standard_input)
    stream = prepend(file.head, open_standard_input());
  else
    stream = std::make_unique<files::FileRange>(file.path, file.facts, 0, file.facts.size);
  stream =
      transcode(unpack(std::move(stream), file), options.rules.encoding, file.charset, file.path);
  files::skip(*stream, from, file.path);
  return stream;
}

void check_same_columns(const std::vector<CsvFile>& files) {
  const CsvFile* first = nullptr;
  for (const CsvFile& file : files) {
    if (file.names.empty()) continue;
    if (first == nullptr) first = &file;
    for (const std::string& name : first->names) {
      if (file.find(name) >= 0) continue;
      const std::string near = nearest(name, file.names);
      throw Error(CM_INVALID, file.path + " has no column \"" + name + "\", which " + first->path +
                                  " has" + (near.empty() ? "" : "; it has \"" + near + "\"") +
                                  "; files that are read together need the same columns")
          .at(file.path);
    }
    for (const std::string& name : file.names) {
      if (first->find(name) >= 0) continue;
      throw Error(CM_INVALID, file.path + " has a column \"" + name + "\", which " + first->path +
                                  " does not have; files that are read together need the same " +
                                  "columns")
          .at(file.path);
    }
  }
}

}  // namespace chunkmill::csv
