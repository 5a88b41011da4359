// Which files the option `path` means, and when it means standard input. Failure: Error with the
// path and what to do. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/input.hpp"

namespace chunkmill::csv {

inline constexpr files::InputAdvice kInputAdvice{
    "*.csv", "to read a pipe give it as standard input and set path: \"-\""};

// True for the path that means standard input: "-", also where the host has put a folder before it.
bool is_standard_input(const std::string& path);

// The files that the paths and patterns mean, as files::find_files() has them; or "-" alone.
std::vector<std::string> find_input_files(const std::vector<std::string>& patterns);

}  // namespace chunkmill::csv
