// What the tests of sources stand on: everything that a source gives, as text.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "chunkmill/files/cell_text.hpp"
#include "tests/plugins/csv_sink/plugin_rig.hpp"

namespace chunkmill::rig {

using Lines = std::vector<std::string>;

inline std::string cell_text(const Field& field, const ArrowArray& column, int64_t row) {
  const ColumnRef cells(column, 0);
  if (cells.is_null(row)) return "NULL";
  if (field.type == Type::kUtf8) return std::string(ColumnView<std::string_view>(cells)[row]);
  char text[files::kCellChars];
  return std::string(text, files::CellText().write(text, field, cells, row));
}

// One call of next(), rows as "a|b|NULL" and rejects as "code@line column", in the order of their
// records; empty at the end.
inline Lines read_chunk(SourceLane& lane, const Schema& schema, uint64_t max_rows,
                        uint64_t max_bytes = 0, Reports* reports = nullptr) {
  Reports found;
  const cm_row_errors sink = found.abi();
  RowErrors errors(&sink);
  UniqueArray batch;
  if (!lane.next({max_rows, max_bytes, 0}, batch.get(), errors)) return {};
  Lines lines(static_cast<size_t>(batch->length) + found.all.size());
  for (const Reports::Report& report : found.all)
    lines.at(static_cast<size_t>(report.row)) = report.code + "@" + std::to_string(report.line) +
                                                (report.column.empty() ? "" : " " + report.column);
  int64_t row = 0;
  for (std::string& line : lines) {
    if (!line.empty()) continue;
    for (size_t i = 0; i < schema.size(); ++i)
      line += (i == 0 ? "" : "|") + cell_text(schema[i], *batch->children[i], row);
    ++row;
  }
  if (reports != nullptr)
    reports->all.insert(reports->all.end(), found.all.begin(), found.all.end());
  return lines;
}

// What a split gives from `position` on.
inline Lines read_split(Source& source, const std::string& split, const Schema& schema,
                        uint64_t max_rows = 1000, const std::string& position = {},
                        Reports* reports = nullptr) {
  const auto lane = source.open(split, position);
  Lines all;
  while (true) {
    const Lines chunk = read_chunk(*lane, schema, max_rows, 0, reports);
    if (chunk.empty()) return all;
    all.insert(all.end(), chunk.begin(), chunk.end());
  }
}

inline Lines read_all(Source& source, const Schema& schema, uint64_t max_rows = 1000,
                      Reports* reports = nullptr) {
  Lines all;
  for (const Split& split : source.plan(2)) {
    const Lines lines = read_split(source, split.id, schema, max_rows, {}, reports);
    all.insert(all.end(), lines.begin(), lines.end());
  }
  return all;
}

// The records of a chunk as "ordinal@line raw".
template <typename T>
Lines records_of(T& source, const std::string& split, const std::string& begin,
                 const std::vector<uint64_t>& ordinals) {
  Lines lines;
  const cm_record_sink sink{
      &lines, [](void* ctx, const cm_record* record) {
        static_cast<Lines*>(ctx)->push_back(std::to_string(record->ordinal) + "@" +
                                            std::to_string(record->line) + " " +
                                            std::string(from_abi(record->raw)));
      }};
  RecordSink out(&sink);
  source.records(split, begin, ordinals, out);
  return lines;
}

}  // namespace chunkmill::rig
