// Rejects as the statements of this room read and choose them. For this room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/state/database.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host {

inline constexpr const char* kSelect =
    "SELECT r.id, runs.run, r.split, r.chunk, r.ordinal, r.place, r.line, r.stage, r.plugin, "
    "r.plugin_version, r.code, r.column_name, r.message, r.attempt, r.raw, r.fields, r.parent, "
    "r.state, "
    "r.replay_run, r.created_ms "
    "FROM rejects r JOIN runs ON runs.seq = r.run ";

// A reject is stored before its chunk is committed; the mirror says whether it was.
inline constexpr const char* kIsCommitted =
    "(EXISTS (SELECT 1 FROM runs ended WHERE ended.seq = r.run AND ended.status IN ('success', "
    "'partial_success')) OR EXISTS (SELECT 1 FROM splits s WHERE s.run = r.run AND s.split = "
    "r.split AND s.next_chunk > r.chunk))";

inline RejectStage stage_named(std::string_view name) {
  for (const RejectStage stage : {RejectStage::kCalculate, RejectStage::kWrite}) {
    if (reject_stage_name(stage) == name) return stage;
  }
  return RejectStage::kRead;
}

inline RejectState state_named(std::string_view name) {
  for (const RejectState state :
       {RejectState::kReplayed, RejectState::kResolved, RejectState::kDismissed}) {
    if (reject_state_name(state) == name) return state;
  }
  return RejectState::kOpen;
}

inline Reject read_reject(const Statement& row) {
  Reject reject;
  reject.id = row.integer(0);
  reject.run = row.text(1);
  reject.split = row.text(2);
  reject.chunk = static_cast<uint64_t>(row.integer(3));
  reject.ordinal = row.integer(4);
  reject.where = row.text(5);
  reject.line = row.integer(6);
  reject.stage = stage_named(row.text(7));
  reject.plugin = row.text(8);
  reject.plugin_version = row.text(9);
  reject.code = row.text(10);
  reject.column = row.text(11);
  reject.message = row.text(12);
  reject.attempt = static_cast<int32_t>(row.integer(13));
  reject.raw = row.text(14);
  reject.fields_json = row.text(15);
  reject.parent = row.integer(16);
  reject.state = state_named(row.text(17));
  reject.replay_run = row.text(18);
  reject.created_ms = row.integer(19);
  return reject;
}

// A JSON array, which is how a list of any length goes into one parameter.
template <typename T, typename Write>
inline std::string json_list(const std::vector<T>& values, Write write) {
  std::string list = "[";
  for (const T& value : values) {
    if (list.size() > 1) list += ',';
    list += write(value);
  }
  return list + "]";
}

// The WHERE clause of a filter, with its parameters. Must live as long as the statement it is bound
// to.
struct Condition {
  explicit Condition(const RejectFilter& filter)
      : run(filter.run),
        code(filter.code),
        column(filter.column),
        committed(filter.committed),
        stages(json_list(
            filter.stages,
            [](RejectStage stage) { return '"' + std::string(reject_stage_name(stage)) + '"'; })),
        states(json_list(
            filter.states,
            [](RejectState state) { return '"' + std::string(reject_state_name(state)) + '"'; })),
        ids(json_list(filter.ids, [](int64_t id) { return std::to_string(id); })),
        runs(json_list(filter.runs, [](const std::string& id) { return '"' + id + '"'; })) {}

  std::string sql() const {
    std::string text = "WHERE 1";
    if (!run.empty()) text += " AND r.run = (SELECT seq FROM runs WHERE run = ?1)";
    if (!code.empty()) text += " AND r.code = ?2";
    if (!column.empty()) text += " AND r.column_name = ?3";
    if (stages != kAny) text += " AND r.stage IN (SELECT value FROM json_each(?4))";
    if (states != kAny) text += " AND r.state IN (SELECT value FROM json_each(?5))";
    if (ids != kAny) text += " AND r.id IN (SELECT value FROM json_each(?6))";
    if (runs != kAny)
      text += " AND r.run IN (SELECT seq FROM runs WHERE run IN (SELECT value FROM json_each(?7)))";
    if (committed) text += std::string(*committed ? " AND " : " AND NOT ") + kIsCommitted;
    return text;
  }

  static constexpr std::string_view kAny = "[]";
  std::string run, code, column;
  std::optional<bool> committed;
  std::string stages, states, ids, runs;
};

}  // namespace chunkmill::host
