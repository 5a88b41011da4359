// Loads job texts against a few made-up plugins.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/job/load.hpp"

namespace chunkmill::host::testing {

inline const std::string kCsv = R"({"type":"object","additionalProperties":false,"properties":{
"path":{"description":"files to read","type":"array","x-single":true,"items":{"type":"string","x-path":true}},
"header":{"description":"first line","type":"boolean","default":true},
"skip":{"description":"lines to skip","type":"integer","minimum":0,"default":0},
"delimiter":{"description":"between fields","type":"string","x-format":"character","default":","},
"null":{"description":"null text","type":"string"}},"required":["path"]})";

inline const std::string kPostgres = R"({"type":"object","additionalProperties":false,"properties":{
"url":{"description":"where the database is","type":"string","x-secret":true},
"table":{"description":"","type":"string"},
"tables":{"description":"","type":"object","additionalProperties":{"type":"object","additionalProperties":false,
  "properties":{"mode":{"description":"","type":"string","enum":["insert","upsert","replace"]}},"required":[]}},
"mode":{"description":"","type":"string","enum":["insert","upsert","replace"],"default":"insert"},
"key":{"description":"","type":"array","x-single":true,"items":{"type":"string","x-column":true}},
"batch":{"description":"","type":"integer","minimum":1,"maximum":1000},
"share":{"description":"","type":"number"},
"timeout":{"description":"","type":"string","x-format":"duration"},
"buffer":{"description":"","type":"string","x-format":"bytes"},
"sample":{"description":"","type":"string","x-format":"percent"}},"required":["url"]})";

inline const std::string kGoods = R"({"type":"object","additionalProperties":false,"properties":{
"factors":{"description":"the factor table","type":"string","x-lookup":true},
"columns":{"description":"","type":"object","additionalProperties":false,"properties":{
  "spend":{"description":"","type":"string"},"id":{"description":"","type":"string"}},"required":["spend"]},
"label":{"description":"","type":["string","boolean"]},
"rates":{"description":"","type":"object","additionalProperties":{"type":"number"}}},"required":["factors"]})";

inline Result<std::string> schema_of(std::string_view kind, std::string_view type) {
  if (kind == "source" && type == "csv") return kCsv;
  if (kind == "sink" && type == "postgres") return kPostgres;
  if (kind == "calculator" && type == "goods") return kGoods;
  if (kind == "hook" && type == "jsonl") return std::string(R"({"type":"object"})");
  return Status(Code::kNotFound,
                "there is no " + std::string(kind) + " plugin \"" + std::string(type) + "\"");
}

// What loading a text came to.
struct Loaded {
  std::optional<JobSpec> job;
  Status status;
  Faults faults;
  std::string shown;  // as render_text shows it, without colour

  // The messages with their places: "2:3 unknown key ...".
  std::vector<std::string> messages() const {
    std::vector<std::string> all;
    for (const Fault& fault : faults.all()) {
      all.push_back(std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column) +
                    " " + fault.message);
    }
    return all;
  }
};

inline Loaded load(const std::string& text, std::vector<std::string> overrides = {},
                   const std::map<std::string, std::string>& environment = {},
                   const std::string& path = "/jobs/job.yaml") {
  LoadOptions options;
  options.overrides = std::move(overrides);
  options.environment = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(std::string(name));
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  Loaded loaded;
  Result<JobSpec> job = load_job_text(text, path, options, schema_of, &loaded.faults);
  loaded.status = job.status();
  if (job.ok()) loaded.job = job.take();
  loaded.shown = render_text(loaded.faults, "job.yaml", text, false);
  return loaded;
}

// A job that is right, for adding what is not.
inline const std::string kJob =
    "job: small\n"
    "source: {type: csv, path: in.csv}\n"
    "sinks:\n"
    "  - type: postgres\n"
    "    url: postgres://here\n";

}  // namespace chunkmill::host::testing
