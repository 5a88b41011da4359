// PluginReader: reads the uses of plugins in a job, each against its plugin's own option schema.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/job/fault.hpp"
#include "framework/job/load.hpp"
#include "framework/job/option_schema.hpp"
#include "framework/job/spec.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

class PluginReader {
 public:
  // `schema_of` and `faults` must outlive it.
  PluginReader(std::string folder, std::set<std::string> lookups, const SchemaOf& schema_of,
               Faults* faults);

  // `map` is the plugin's map in the job, already without the host's own keys, whose names are
  // `host_keys`. `path` is where it stands, "sinks.0". Reports what is wrong.
  PluginSpec read(std::string_view kind, std::string path, Value map,
                  const std::vector<std::string>& host_keys = {});

 private:
  struct Known {
    std::optional<OptionSchema> schema;
    std::string fault;  // why there is no schema
  };

  const Known& known(const std::string& kind, const std::string& type);
  std::string read_type(const PluginSpec& spec, const Value& map);

  std::string folder_;
  std::set<std::string> lookups_;
  const SchemaOf& schema_of_;
  Faults* const faults_;
  std::map<std::pair<std::string, std::string>, Known> known_;
};

// `sink "postgres"`, as messages begin.
std::string subject_of(std::string_view kind, std::string_view type);

}  // namespace chunkmill::host
