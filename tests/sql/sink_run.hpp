// What the tests of all SQL sinks share: a sink driven as the host does it, and rows for it.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/testing.hpp"

namespace chunkmill::testing {

// One object of the plugin `Sink`.
template <typename Sink>
class SqlSinkRun : public SinkRun {
 public:
  explicit SqlSinkRun(Map options) : SinkRun(sink_api<Sink>(), std::move(options)) {}

  // From now on it works for this run.
  SqlSinkRun& as(const std::string& id, uint64_t epoch = 1) {
    run.run = id;
    run.epoch = epoch;
    return *this;
  }
  using SinkRun::committed;
  Outcome committed(const std::string& of) {
    SplitState ignored;
    return committed(of, &ignored);
  }
};

// id int64 not null, name string.
inline Schema people() {
  return Schema{{Field{"id", Type::kInt64, false}, Field{"name", Type::kUtf8, true}}};
}
inline Rows people_rows(const std::vector<CellRow>& rows) { return Rows(people(), rows); }

// A column of each type: b, i, l, f, u, z, d, t, and n, a decimal(38,3).
inline Schema every_type() {
  Schema schema{{Field{"b", Type::kBool}, Field{"i", Type::kInt32}, Field{"l", Type::kInt64},
                 Field{"f", Type::kFloat64}, Field{"u", Type::kUtf8}, Field{"z", Type::kBinary},
                 Field{"d", Type::kDate32}, Field{"t", Type::kTimestamp},
                 Field{"n", Type::kDecimal128}}};
  schema.fields[8].precision = 38;
  schema.fields[8].scale = 3;
  return schema;
}

// A row of every_type(), other values for each seed but for the text.
inline CellRow row_of(int64_t seed, std::string_view text) {
  std::string date;
  std::string time;
  append_date32(&date, static_cast<int32_t>(seed));
  append_timestamp(&time, seed * 1'000'001);
  return {seed % 2 == 0,
          -seed,
          std::numeric_limits<int64_t>::max() - seed,
          0.1 + static_cast<double>(seed),
          text,
          std::string_view("\0\xFF", 2),
          date,
          time,
          std::to_string(seed) + "000000000000000000000"};
}
inline CellRow nulls() { return CellRow(9, nullptr); }

}  // namespace chunkmill::testing
