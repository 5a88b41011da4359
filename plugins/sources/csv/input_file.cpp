#include "input_file.hpp"

#include <algorithm>

namespace chunkmill::csv {

bool is_standard_input(const std::string& path) { return path == "-" || path.ends_with("/-"); }

std::vector<std::string> find_input_files(const std::vector<std::string>& patterns) {
  if (std::none_of(patterns.begin(), patterns.end(), is_standard_input))
    return files::find_files(patterns, kInputAdvice);
  if (patterns.size() > 1)
    throw Error(CM_INVALID, "standard input (\"-\") cannot be read together with other files")
        .at("path");
  return {"-"};
}

}  // namespace chunkmill::csv
