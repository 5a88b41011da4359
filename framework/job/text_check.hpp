// What is wrong with a job file before it is YAML.
#pragma once

#include <string>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"

namespace chunkmill::host {

// Reports bytes that are not UTF-8 and control characters, and returns the text with a '_' for each
// of these bytes, so that what follows keeps its place and is checked too. Empty when it is no text
// at all (UTF-16, a binary file).
std::string check_text(const SourceText& source, Faults* faults);

// Reports lines that are indented with a tab.
void check_tabs(const SourceText& source, const std::vector<bool>& inside_text, Faults* faults);

}  // namespace chunkmill::host
