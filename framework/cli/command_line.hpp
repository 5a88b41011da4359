// The command that a person would type again, as it can be pasted.
#pragma once

#include <string>
#include <string_view>

#include "framework/cli/command.hpp"

namespace chunkmill::host::cli {

// `text` as a POSIX shell reads it back: as it stands where that is safe, else in quotes.
std::string shell_word(std::string_view text);

// A value of `--set PATH=VALUE` without what may be a secret: what `log` redacts, and the values of
// paths whose last word sounds like one, become `***`.
std::string without_secrets(const std::string& override, const Log& log);

// "chunkmill run job.yaml --set a=b", with the options of `common` that `verb` takes.
std::string command_line(const std::string& verb, const std::string& job,
                         const CommonOptions& common, const Log& log);

}  // namespace chunkmill::host::cli
