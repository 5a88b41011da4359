// OptionSchema: what options a plugin takes, and whether a map of options fits.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/job/fault.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

// The subset of JSON Schema that the SDK writes: type (also a list of types), properties, required,
// additionalProperties, items, enum, minimum, maximum, default, description, and x-secret,
// x-column, x-lookup, x-path, x-format, x-single (one value stands for a list of one).
struct OptionSchema {
  enum class Format { kNone, kDuration, kBytes, kPercent, kCharacter, kCharacterOrNone };

  std::vector<std::string> types;  // empty: anything
  std::vector<std::string> choices;
  std::vector<std::string> property_names;  // in the schema's order
  std::map<std::string, OptionSchema, std::less<>> properties;
  std::vector<std::string> required;
  std::shared_ptr<const OptionSchema>
      additional;  // shared: a schema is copied freely and never changed; null: none
  bool additional_allowed = false;
  std::shared_ptr<const OptionSchema> items;  // shared for the same reason
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<std::string> default_text;
  std::string description;
  Format format = Format::kNone;
  bool secret = false;
  bool column = false;
  bool lookup = false;
  bool path = false;
  bool single = false;

  // kPlugin when `json` is not a schema.
  static Result<OptionSchema> parse(std::string_view json);
};

// What a check needs to know of the job around the options.
struct OptionContext {
  std::string subject;  // `sink "postgres"`; empty for the job file's own keys
  Place place;          // where a missing option is reported: `type:`'s value
  std::string help;     // a last line for unknown and missing options
  std::vector<std::string>
      host_keys;  // keys that are legal here but the host's, for "did you mean"
  const std::set<std::string>* lookups = nullptr;  // the job's lookups; null: not checked
  std::string
      folder;  // relative paths of x-path options are resolved against it; empty: left alone
};

// Reports all that does not fit, marks secret values and hides them from excerpts, and makes x-path
// options absolute; for fingerprints they mean what they are relative to the folder.
void check_options(const OptionSchema& schema, const OptionContext& context, Value* options,
                   Faults* faults);

// "url (required), table, mode, ..." for help lines; required ones first, then the schema's order.
std::string option_names(const OptionSchema& schema);

}  // namespace chunkmill::host
