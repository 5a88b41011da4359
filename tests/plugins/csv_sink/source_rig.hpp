// What the tests of sources stand on: everything that a source gives, as text.
#pragma once

#include <string>
#include <vector>

#include "tests/plugins/csv_sink/plugin_rig.hpp"

namespace chunkmill::rig {

using Lines = std::vector<std::string>;

// One call of next(), as testing::Read::lines() writes it; empty at the end.
inline Lines read_chunk(SourceLane& lane, const Schema& schema, uint64_t max_rows,
                        uint64_t max_bytes = 0, std::vector<BadRow>* reports = nullptr) {
  testing::Read read;
  BadRows bad(&read.bad_rows);
  const cm_row_errors sink = bad.abi();
  RowErrors errors(&sink);
  UniqueArray batch;
  if (!lane.next({max_rows, max_bytes, 0}, batch.get(), errors)) return {};
  read.rows.emplace(schema, std::move(batch));
  if (reports != nullptr)
    reports->insert(reports->end(), read.bad_rows.begin(), read.bad_rows.end());
  return read.lines();
}

// What a split gives from `position` on.
inline Lines read_split(Source& source, const std::string& split, const Schema& schema,
                        uint64_t max_rows = 1000, const std::string& position = {},
                        std::vector<BadRow>* reports = nullptr) {
  const auto lane = source.open(split, position);
  Lines all;
  while (true) {
    const Lines chunk = read_chunk(*lane, schema, max_rows, 0, reports);
    if (chunk.empty()) return all;
    all.insert(all.end(), chunk.begin(), chunk.end());
  }
}

inline Lines read_all(Source& source, const Schema& schema, uint64_t max_rows = 1000,
                      std::vector<BadRow>* reports = nullptr) {
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
