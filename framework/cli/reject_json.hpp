// A reject as JSON, as all rejects verbs print it.
#pragma once

#include "chunkmill/json.hpp"
#include "framework/cli/reject_file.hpp"
#include "framework/observe/text.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host::cli {

inline void write_reject(JsonWriter* json, const Reject& reject) {
  json->begin_object().field("id", reject.id).field("run", reject.run);
  json->field("where", reject.where).field("line", reject.line);
  json->field("stage", reject_stage_name(reject.stage));
  json->field("plugin", reject.plugin).field("plugin_version", reject.plugin_version);
  json->field("code", reject.code);
  json->field("column", reject.column);
  json->field("message", reject.message);
  json->field("state", reject_state_name(reject.state));
  json->field("split", reject.split).field("chunk", reject.chunk);
  json->field("attempt", reject.attempt).field("created_ms", reject.created_ms);
  if (reject.parent != 0) json->field("replay_of", reject.parent);
  if (!reject.replay_run.empty()) json->field("replay_run", reject.replay_run);
  json->field("raw", reject.raw);
  if (!is_utf8(reject.raw)) json->field("raw_base64", to_base64(reject.raw));
  if (!reject.fields_json.empty()) json->key("fields").raw(reject.fields_json);
  json->end_object();
}

}  // namespace chunkmill::host::cli
