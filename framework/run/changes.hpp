// What differs between two fingerprints, part by part: for decisions and for messages.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chunkmill::host {

using FingerprintParts = std::vector<std::pair<std::string, std::string>>;

struct Changes {
  // Inputs of the source, by name. `changed` have other content under the same name.
  std::vector<std::string> added, removed, changed;
  // Inputs that are there now and were there before with the same content, under whatever name.
  std::vector<std::string> kept;
  // Removed and added with the same content: the name before, the name now.
  std::vector<std::pair<std::string, std::string>> renamed;
  bool has_inputs = false;  // the source names its inputs one by one
  bool source = false;      // the options of the source
  bool job = false;         // any options, those of the source included
  bool lookups = false;     // the data of lookups
};

Changes compare(const FingerprintParts& before, const FingerprintParts& now);

// One line for each key of the job and each input that differs, with both values; passwords in
// addresses are starred.
std::string list_changes(const FingerprintParts& before, const FingerprintParts& now);

// "a, b and 3 more".
std::string names_text(const std::vector<std::string>& names);

}  // namespace chunkmill::host
