// Drives a source through its C table, as the host does.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/source.hpp"
#include "chunkmill/testing/memory_host.hpp"
#include "chunkmill/testing/option_tree.hpp"
#include "chunkmill/testing/outcome.hpp"

namespace chunkmill::testing {

template <typename T>
const cm_source_api& source_api() {
  return chunkmill::detail::SourceAdapter<T>::kApi;
}

// One answer of next().
struct Read {
  Outcome outcome;  // CM_END at the end of the split
  std::optional<Rows> rows;
  std::vector<BadRow> bad_rows;

  // The records in their order: "a|b|null", or "code@line column" for a bad one.
  std::vector<std::string> lines() const {
    std::map<int64_t, std::string> bad;
    for (const BadRow& row : bad_rows) {
      const std::string text =
          row.code + "@" + std::to_string(row.line) + (row.column.empty() ? "" : " " + row.column);
      if (!bad.emplace(row.row, text).second)
        throw std::logic_error("record " + std::to_string(row.row) + " was reported twice");
    }
    std::vector<std::string> out;
    int64_t good = 0;
    const int64_t good_count = rows ? rows->row_count() : 0;
    const int64_t count = good_count + static_cast<int64_t>(bad.size());
    for (int64_t ordinal = 0; ordinal < count; ++ordinal) {
      const auto found = bad.find(ordinal);
      if (found == bad.end() && good == good_count)
        throw std::logic_error("a record was reported by a number that is not its own");
      out.push_back(found != bad.end() ? found->second : line_text(rows->batch(), good++));
    }
    return out;
  }
};

// One source object and the lane that was opened last.
class SourceRun {
 public:
  explicit SourceRun(const cm_source_api& api, Map options = {}, MemoryHost* host = nullptr)
      : api_(api),
        own_host_(host == nullptr ? std::make_unique<MemoryHost>() : nullptr),
        options_(std::move(options)) {
    const cm_options values = options_.abi();
    const cm_host* services = host == nullptr ? own_host_->abi() : host->abi();
    created = ask([&](cm_error* e) { return api_.create(services, &values, &self_, e); });
  }
  SourceRun(const SourceRun&) = delete;
  SourceRun& operator=(const SourceRun&) = delete;
  ~SourceRun() {
    close();
    if (self_ != nullptr) api_.destroy(self_);
  }

  Outcome created;
  std::vector<Split> splits;  // of the last plan()

  Outcome schema(Schema* out);
  // After CM_OK batches have this schema.
  Outcome select(const Schema& wanted);
  Outcome plan(uint32_t parallel = 1);
  std::string identity();
  Outcome open(const std::string& split, const std::string& position = {});
  Outcome replay(const std::vector<Record>& records);
  Outcome records(const std::string& split, const std::string& begin,
                  const std::vector<uint64_t>& ordinals, std::vector<Record>* out);
  Read next(uint64_t max_rows, uint64_t max_bytes = 0);
  std::string position();
  Outcome committed(const std::string& position);
  void close() {
    if (lane_ != nullptr) api_.close(lane_);
    lane_ = nullptr;
  }
  void interrupt() { api_.interrupt(self_); }

  // The records of the open lane up to its end, as Read::lines() writes them. Throws when the
  // plugin fails.
  std::vector<std::string> rest(uint64_t max_rows = 1000);
  // All splits, one after the other.
  std::vector<std::string> lines(uint64_t max_rows = 1000, uint32_t parallel = 1);

 private:
  const Schema& batch_schema() {
    if (!schema_) schema(&schema_.emplace()).expect_ok();
    return *schema_;
  }

  const cm_source_api& api_;
  std::unique_ptr<MemoryHost> own_host_;
  Value options_;
  cm_source* self_ = nullptr;
  cm_source_lane* lane_ = nullptr;
  std::optional<Schema> schema_;  // of batches to come
};

inline Outcome SourceRun::schema(Schema* out) {
  UniqueSchema schema;
  Outcome outcome = ask([&](cm_error* e) { return api_.schema(self_, schema.get(), e); });
  if (outcome.ok()) *out = chunkmill::detail::import_schema(schema.get());
  return outcome;
}

inline Outcome SourceRun::select(const Schema& wanted) {
  const UniqueSchema schema = wanted.to_arrow();
  Outcome outcome = ask([&](cm_error* e) {
    return api_.select == nullptr ? CM_UNSUPPORTED : api_.select(self_, schema.get(), e);
  });
  if (outcome.ok()) schema_ = wanted;
  return outcome;
}

inline Outcome SourceRun::plan(uint32_t parallel) {
  splits.clear();
  const cm_split_sink sink{
      &splits, [](void* ctx, const cm_split* split) {
        static_cast<std::vector<Split>*>(ctx)->push_back(
            {std::string(from_abi(split->id)), std::string(from_abi(split->where)),
             split->estimated_rows, split->estimated_bytes});
      }};
  return ask([&](cm_error* e) { return api_.plan(self_, parallel, &sink, e); });
}

inline std::string SourceRun::identity() {
  std::string text;
  const cm_out out = append_to(&text);
  ask([&](cm_error* e) { return api_.identity(self_, &out, e); }).expect_ok();
  return text;
}

inline Outcome SourceRun::open(const std::string& split, const std::string& position) {
  close();
  return ask(
      [&](cm_error* e) { return api_.open(self_, to_abi(split), to_abi(position), &lane_, e); });
}

inline Outcome SourceRun::replay(const std::vector<Record>& records) {
  close();
  std::vector<cm_record> all;
  for (const Record& record : records)
    all.push_back({sizeof(cm_record), 0, record.ordinal, record.line, to_abi(record.where),
                   to_abi(record.raw)});
  return ask([&](cm_error* e) { return api_.replay(self_, all.data(), all.size(), &lane_, e); });
}

inline Outcome SourceRun::records(const std::string& split, const std::string& begin,
                                  const std::vector<uint64_t>& ordinals, std::vector<Record>* out) {
  const cm_record_sink sink{
      out, [](void* ctx, const cm_record* record) {
        static_cast<std::vector<Record>*>(ctx)->push_back({record->ordinal, record->line,
                                                           std::string(from_abi(record->where)),
                                                           std::string(from_abi(record->raw))});
      }};
  return ask([&](cm_error* e) {
    return api_.records(self_, to_abi(split), to_abi(begin), ordinals.data(), ordinals.size(),
                        &sink, e);
  });
}

inline Read SourceRun::next(uint64_t max_rows, uint64_t max_bytes) {
  Read read;
  BadRows bad(&read.bad_rows);
  const cm_row_errors errors = bad.abi();
  const cm_next limits{sizeof(cm_next), 0, max_rows, max_bytes};
  UniqueArray array;
  read.outcome =
      ask([&](cm_error* e) { return api_.next(lane_, &limits, array.get(), &errors, e); });
  if (read.outcome.ok()) read.rows.emplace(batch_schema(), std::move(array));
  return read;
}

inline std::string SourceRun::position() {
  std::string text;
  const cm_out out = append_to(&text);
  ask([&](cm_error* e) { return api_.position(lane_, &out, e); }).expect_ok();
  return text;
}

inline Outcome SourceRun::committed(const std::string& at) {
  return ask([&](cm_error* e) { return api_.committed(lane_, to_abi(at), e); });
}

inline std::vector<std::string> SourceRun::rest(uint64_t max_rows) {
  std::vector<std::string> all;
  while (true) {
    const Read read = next(max_rows);
    if (read.outcome.code == CM_END) return all;
    read.outcome.expect_ok();
    for (std::string& line : read.lines()) all.push_back(std::move(line));
  }
}

inline std::vector<std::string> SourceRun::lines(uint64_t max_rows, uint32_t parallel) {
  created.expect_ok();
  plan(parallel).expect_ok();
  std::vector<std::string> all;
  for (const Split& split : splits) {
    open(split.id).expect_ok();
    for (std::string& line : rest(max_rows)) all.push_back(std::move(line));
  }
  close();
  return all;
}

}  // namespace chunkmill::testing
