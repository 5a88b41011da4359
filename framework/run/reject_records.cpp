#include "framework/run/reject_records.hpp"

#include <algorithm>

#include "chunkmill/parse.hpp"
#include "framework/data/row_json.hpp"

namespace chunkmill::host {

void settle_rejects(Chunk* chunk) {
  std::vector<int64_t> unreadable;
  for (const RowReject& reject : chunk->rejects)
    if (reject.row < 0) unreadable.push_back(reject.ordinal);
  std::sort(unreadable.begin(), unreadable.end());
  for (RowReject& reject : chunk->rejects)
    if (reject.row >= 0) reject.ordinal = ordinal_of_row(reject.row, unreadable);
  const auto by_ordinal = [](const RowReject& a, const RowReject& b) {
    return a.ordinal < b.ordinal;
  };
  std::stable_sort(chunk->rejects.begin(), chunk->rejects.end(), by_ordinal);
  const auto same = [](const RowReject& a, const RowReject& b) { return a.ordinal == b.ordinal; };
  chunk->rejects.erase(std::unique(chunk->rejects.begin(), chunk->rejects.end(), same),
                       chunk->rejects.end());
}

namespace {

// A record that failed again keeps its place and text, and its history. Positions of a replay count
// records.
Status link_to_replayed(RunContext& context, const Chunk& chunk, std::vector<Reject>* rejects) {
  int64_t first = 0;
  if (!chunk.begin.empty() && parse_int64(chunk.begin, &first) != ParseFault::kNone)
    return Status(Code::kInternal, "\"" + chunk.begin + "\" is not a position of a replay");
  for (Reject& reject : *rejects) {
    ASSIGN_OR_RETURN(std::vector<Reject> before,
                     context.state->replay_records(context.run.run, first + reject.ordinal, 1, 0));
    if (before.empty()) return Status(Code::kInternal, "a replay rejects a record it did not read");
    reject.parent = before.front().id;
    reject.raw = std::move(before.front().raw);
    reject.where = std::move(before.front().where);
    reject.line = before.front().line;
  }
  return Status();
}

}  // namespace

Result<std::vector<Reject>> reject_records(RunContext& context, const Chunk& chunk) {
  std::vector<Reject> out;
  std::vector<uint64_t> ordinals;
  for (const RowReject& row : chunk.rejects) {
    Reject reject;
    reject.ordinal = row.ordinal;
    reject.where = row.error.where;
    reject.line = row.error.line;
    reject.stage = row.stage;
    reject.plugin = row.module->name();
    reject.plugin_version = row.module->version();
    reject.code = row.error.code;
    reject.column = row.error.column;
    reject.message = context.log->redact(row.error.message);
    reject.attempt = static_cast<int32_t>(row.attempt);
    reject.raw = row.error.raw;
    if (row.row >= 0) {
      reject.fields_json = row_as_json(chunk.input, row.row);
      ordinals.push_back(static_cast<uint64_t>(row.ordinal));
    }
    out.push_back(std::move(reject));
  }
  if (context.replays) {
    RETURN_IF_ERROR(link_to_replayed(context, chunk, &out));
    return out;
  }
  Source& source = *context.pipeline->source;
  if (ordinals.empty() || !source.has_records()) return out;
  const std::string& split = chunk.reader->split().id;
  Result<std::vector<Record>> records = source.records(split, chunk.begin, ordinals);
  if (records.status().code() == Code::kPlugin) return records.status();
  if (!records.ok()) {
    context.log->warn("the original text of rejected rows cannot be read again: " +
                      records.status().message());
    return out;
  }
  auto reject = out.begin();
  for (Record& record : *records) {
    while (reject != out.end() && reject->ordinal < static_cast<int64_t>(record.ordinal)) ++reject;
    if (reject == out.end() || reject->ordinal != static_cast<int64_t>(record.ordinal)) continue;
    reject->raw = std::move(record.raw);
    reject->where = std::move(record.where);
    reject->line = record.line;
  }
  return out;
}

std::vector<ErrorGroup> error_groups(const std::vector<RowReject>& rejects) {
  std::vector<ErrorGroup> groups;
  for (const RowReject& reject : rejects) {
    const std::string stage(reject_stage_name(reject.stage));
    const auto same = [&](const ErrorGroup& group) {
      return group.code == reject.error.code && group.stage == stage;
    };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found != groups.end()) {
      ++found->count;
      continue;
    }
    groups.push_back(
        {reject.error.code, stage, 1, reject.error.message, reject.error.where, reject.error.line});
  }
  return groups;
}

}  // namespace chunkmill::host
