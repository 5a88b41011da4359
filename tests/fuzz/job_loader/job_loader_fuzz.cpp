// Loads any bytes as a job file, and shows what is wrong with it. Must neither crash, nor hang, nor
// say that a job with a fault is right; every place must lie in the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "framework/job/load.hpp"

namespace {

using namespace chunkmill::host;

constexpr std::string_view kSchema = R"({"type":"object","additionalProperties":false,"properties":{
"path":{"type":"array","x-single":true,"items":{"type":"string","x-path":true}},
"url":{"type":"string","x-secret":true},
"mode":{"type":"string","enum":["insert","upsert"]},
"factors":{"type":"string","x-lookup":true},
"skip":{"type":"integer","minimum":0,"maximum":10},
"header":{"type":"boolean"},
"delimiter":{"x-format":"character"},"wait":{"x-format":"duration"},"size":{"x-format":"bytes"},
"columns":{"type":"object","additionalProperties":{"type":["string","array"]}},
"tables":{"type":"object","additionalProperties":{"type":"object","properties":{"key":{"type":"string"}}}}},
"required":["path"]})";

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// The first line may be a --set: "--set path=value".
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  LoadOptions options;
  options.environment = [](std::string_view name) {
    return name == "SET" ? std::optional<std::string>("value") : std::nullopt;
  };
  constexpr std::string_view kSet = "--set ";
  if (text.starts_with(kSet)) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    options.overrides.emplace_back(text.substr(kSet.size(), end - kSet.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }

  Faults faults;
  const Result<JobSpec> job = load_job_text(
      text, "/jobs/job.yaml", options,
      [](std::string_view, std::string_view type) -> Result<std::string> {
        if (type == "none") return Status(Code::kNotFound, "there is no such plugin");
        return std::string(kSchema);
      },
      &faults);

  require(job.ok() != faults.has_errors());
  for (const Fault& fault : faults.all()) {
    require(fault.place.line >= 0 && fault.place.column >= 0 && fault.place.length >= 0);
    require(static_cast<std::size_t>(fault.place.line) <= size + 1);
    require(static_cast<std::size_t>(fault.place.column) <= size + 1);
  }
  require(render_text(faults, "job.yaml", text, false).find('\x1b') == std::string::npos);
  require(!render_json(faults, "job.yaml").empty());
  if (job.ok()) require(!job->fingerprint().empty());
  return 0;
}
