#include "framework/plugin/lock.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "framework/plugin/folders.hpp"
#include "framework/plugin/sha256.hpp"

namespace chunkmill::host {
namespace {

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

PluginLock::PluginLock(std::vector<LockedPlugin> plugins, std::string origin)
    : plugins_(std::move(plugins)), origin_(std::move(origin)) {}

Result<PluginLock> PluginLock::read(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    return Status(Code::kUsage, file.string() +
                                    " cannot be read; write it with `chunkmill plugins lock`, or "
                                    "run without --locked");
  }
  std::vector<LockedPlugin> plugins;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    const auto wrong = [&](const std::string& why) {
      return Status(Code::kUsage, file.string() + ":" + std::to_string(number) + ": " + why);
    };
    std::istringstream words(line);
    std::string kind_word, name, version, sha256, more;
    if (!(words >> kind_word) || kind_word.front() == '#') continue;
    const auto kind = kind_of(kind_word);
    if (!(words >> name >> version >> sha256) || (words >> more) || !kind || !is_type_name(name) ||
        !is_sha256(sha256)) {
      return wrong("not a line of the form KIND NAME VERSION SHA256");
    }
    for (const LockedPlugin& other : plugins) {
      if (other.kind == *kind && other.name == name) {
        return wrong(kind_word + " \"" + name + "\" is listed twice");
      }
    }
    plugins.push_back({*kind, name, version, sha256});
  }
  return PluginLock(std::move(plugins), file.string());
}

Status PluginLock::write(const std::filesystem::path& file) const {
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << "# Plugins that `chunkmill run --locked` may load: kind, name, version, SHA-256 of the "
         "file.\n";
  for (const LockedPlugin& plugin : plugins_) {
    out << kind_name(plugin.kind) << ' ' << plugin.name << ' ' << plugin.version << ' '
        << plugin.sha256 << '\n';
  }
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(fresh, file, failed);
  if (!out || failed) {
    return Status(Code::kState, file.string() + " cannot be written" +
                                    (failed ? ": " + failed.message() : std::string()) +
                                    "; check the folder's permissions and the space left");
  }
  return Status();
}

Status PluginLock::verify(Kind kind, std::string_view name, std::string_view version,
                          const std::filesystem::path& file) const {
  const auto found = std::ranges::find_if(plugins_, [&](const LockedPlugin& plugin) {
    return plugin.kind == kind && plugin.name == name;
  });
  const auto refused = [&](const std::string& why) {
    return Status(Code::kPlugin, "plugin file " + file.string() + " is refused: " + why +
                                     "; if this is meant, write the lock anew with `chunkmill "
                                     "plugins lock`");
  };
  if (found == plugins_.end()) {
    return refused(origin_ + " does not list the " + kind_name(kind) + " \"" + std::string(name) +
                   "\"");
  }
  if (found->version != version) {
    return refused(origin_ + " pins version " + found->version + ", the file is " +
                   std::string(version));
  }
  ASSIGN_OR_RETURN(const std::string sum, sha256_of_file(file));
  if (sum != found->sha256) {
    return refused(origin_ + " pins SHA-256 " + found->sha256 + ", the file has " + sum);
  }
  return Status();
}

}  // namespace chunkmill::host
