#include "csv_sink.hpp"

#include <algorithm>

namespace chunkmill::csv_sink {
namespace {

enum class LineEnding { kLf, kCrlf };

}  // namespace

void CsvSink::configure(Options& options) {
  Character delimiter{','};
  Character quote{'"'};
  auto line_ending = LineEnding::kLf;
  configure_file(options);
  options.optional("delimiter", delimiter, "character between fields, or: tab, space");
  options.optional("quote", quote, "character around fields that need it");
  options.optional("header", header_, "the first line holds the names of the columns");
  options.optional("null", style_.null_text,
                   "what stands for null; text that is the same is quoted");
  options.choice("line_ending", line_ending, {{"lf", LineEnding::kLf}, {"crlf", LineEnding::kCrlf}},
                 "end of a line");
  options.choice("quoting", style_.quoting,
                 {{"minimal", Quoting::kMinimal}, {"all", Quoting::kAll}},
                 "quote where it is needed, or everything but nulls");
  if (options.describing()) return;

  style_.delimiter = delimiter.value;
  style_.quote = quote.value;
  if (style_.delimiter == style_.quote)
    throw Error(CM_INVALID, "it is the same character as delimiter").at("quote");
  style_.line_end = line_ending == LineEnding::kLf ? "\n" : "\r\n";
  if (std::any_of(style_.null_text.begin(), style_.null_text.end(),
                  [this](char c) { return style_.is_special(c); }))
    throw Error(CM_INVALID, "it holds the delimiter, the quote or a line end, so that it could " +
                                std::string("not be told from text"))
        .at("null");
}

void CsvSink::bind_schema(const Schema& schema) {
  if (schema.size() == 0)
    throw Error(CM_INVALID, "there is no column to write; name some, or leave the sink out");
}

std::string CsvSink::head() const {
  return header_ ? header_line(style_, schema()) : std::string();
}

// The columns and how they are told apart, also where the file has no header.
std::string CsvSink::shape() const {
  return header_line(style_, schema()) + (header_ ? "header" : "no header") + "\nquote " +
         style_.quote + "\nnull " + style_.null_text;
}

std::unique_ptr<files::RowFormat> CsvSink::make_format() const {
  return std::make_unique<CsvFormat>(style_, schema());
}

}  // namespace chunkmill::csv_sink
