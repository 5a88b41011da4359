#include "framework/cli/command_line.hpp"

#include <algorithm>

#include "framework/job/secret_guess.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr std::string_view kStars = "***";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

// Those that look at what runs have left, without plugins.
bool reads_state_alone(const std::string& verb) {
  return verb.starts_with("rejects ") ? verb != "rejects replay" : verb.starts_with("runs ");
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  const bool has_controls = std::ranges::any_of(text, is_control);
  // A line end inside quotes would not stay on one line; $'...' has words for it.
  std::string out = has_controls ? "$'" : "'";
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    if (has_controls && is_control(static_cast<unsigned char>(c))) {
      out += "\\x";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else if (has_controls && (c == '\'' || c == '\\')) {
      out += '\\';
      out += c;
    } else if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string without_secrets(const std::string& override, const Log& log) {
  const size_t equals = override.find('=');
  if (equals == std::string::npos) return log.redact(override);
  const std::string path = override.substr(0, equals);
  const std::string value = log.redact(override.substr(equals + 1));
  const size_t dot = path.rfind('.');
  const bool guessed = sounds_secret(dot == std::string::npos ? path : path.substr(dot + 1));
  return path + "=" + (guessed && !value.starts_with("${") ? std::string(kStars) : value);
}

std::string command_line(const std::string& verb, const std::string& job,
                         const CommonOptions& common, const Log& log) {
  std::string text = "chunkmill " + verb + " " + shell_word(job);
  const auto add = [&](const char* option, const std::string& value) {
    text += std::string(" ") + option + " " + shell_word(value);
  };
  for (const std::string& override : common.overrides) add("--set", without_secrets(override, log));
  if (!common.state_folder.empty()) add("--state", common.state_folder);
  if (!common.shard.empty()) add("--shard", common.shard);
  if (reads_state_alone(verb)) return text;
  for (const std::string& folder : common.plugin_folders) add("--plugin-dir", folder);
  if (common.locked) text += " --locked";
  return text;
}

}  // namespace chunkmill::host::cli
