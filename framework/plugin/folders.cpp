#include "framework/plugin/folders.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

namespace chunkmill::host {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMaxNameSize = 63;
constexpr std::string_view kSuffix = ".so";

Status refused(const fs::path& path, const std::string& why) {
  return Status(Code::kPlugin, "plugin file " + path.string() + " is refused: " + why);
}

// Whoever can write a plugin, or replace it in its folder, decides what this process does.
Status check_owner_and_mode(const fs::path& file, const fs::path& path, const struct stat& facts) {
  const char* what = S_ISDIR(facts.st_mode) ? "folder " : "file ";
  if (facts.st_uid != 0 && facts.st_uid != geteuid()) {
    return refused(file, std::string("the ") + what + path.string() + " belongs to user id " +
                             std::to_string(facts.st_uid) + ", neither root nor you (user id " +
                             std::to_string(geteuid()) +
                             "); install plugins as yourself or as root, or chown it");
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refused(file, std::string("others than its owner can write the ") + what +
                             path.string() + "; run: chmod go-w '" + path.string() + "'");
  }
  return Status();
}

void add_if_folder(std::vector<fs::path>& folders, const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) folders.push_back(folder);
}

// KIND.NAME.so taken apart; false for any other name.
bool split_file_name(std::string_view file, Kind* kind, std::string* name) {
  const size_t dot = file.find('.');
  if (dot == std::string_view::npos || !file.ends_with(kSuffix)) return false;
  const auto found = kind_of(file.substr(0, dot));
  const size_t rest = dot + 1;
  if (!found || file.size() <= rest + kSuffix.size()) return false;
  *kind = *found;
  *name = file.substr(rest, file.size() - rest - kSuffix.size());
  return is_type_name(*name);
}

}  // namespace

bool is_type_name(std::string_view name) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= kMaxNameSize && std::ranges::all_of(name, legal) &&
         name.find("..") == std::string_view::npos && name.front() != '.' && name.back() != '.';
}

std::string plugin_file_name(Kind kind, std::string_view name) {
  std::string file = kind_name(kind);
  return file.append(".").append(name).append(kSuffix);
}

PluginFolders PluginFolders::standard(std::vector<fs::path> given) {
  std::vector<fs::path> folders = std::move(given);
  if (const char* list = std::getenv("CHUNKMILL_PLUGIN_PATH")) {
    std::string_view rest = list;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(':'), rest.size());
      if (end > 0) folders.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return PluginFolders(std::move(folders));
  const fs::path bin = program.parent_path();
  const fs::path prefix = bin.parent_path();
  add_if_folder(folders, bin / "plugins");
  utsname machine{};
  std::vector<fs::path> libs{"lib", "lib64"};
  // Debian's multiarch folder.
  if (uname(&machine) == 0) {
    libs.push_back(fs::path("lib") / (std::string(machine.machine) + "-linux-gnu"));
  }
  for (const fs::path& lib : libs) add_if_folder(folders, prefix / lib / "chunkmill" / "plugins");
  return PluginFolders(std::move(folders));
}

Result<fs::path> PluginFolders::find(Kind kind, std::string_view name) const {
  if (!is_type_name(name)) {
    return Status(Code::kUsage,
                  std::string("\"") + std::string(name) + "\" is not the name of a " +
                      kind_name(kind) +
                      ": names have a-z, 0-9, _ and single dots, at most 63 characters");
  }
  for (const fs::path& folder : folders_) {
    const fs::path file = folder / plugin_file_name(kind, name);
    std::error_code ignored;
    // Not followed, so that a dangling link is refused below and not passed over.
    const auto type = fs::symlink_status(file, ignored).type();
    if (type == fs::file_type::none || type == fs::file_type::not_found) continue;
    return check_plugin_file(file);
  }
  return Status(Code::kNotFound,
                std::string("there is no ") + kind_name(kind) + " \"" + std::string(name) + "\"");
}

std::vector<PluginFolders::File> PluginFolders::files() const {
  std::vector<File> files;
  std::set<std::pair<Kind, std::string>> seen;
  for (const fs::path& folder : folders_) {
    std::vector<File> here;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      Kind kind{};
      std::string name;
      if (!split_file_name(entry->path().filename().string(), &kind, &name)) continue;
      if (!seen.emplace(kind, name).second) continue;
      here.push_back({entry->path(), kind, name, check_plugin_file(entry->path()).status()});
    }
    std::ranges::sort(here, [](const File& a, const File& b) {
      return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    std::ranges::move(here, std::back_inserter(files));
  }
  return files;
}

Result<fs::path> check_plugin_file(const fs::path& file) {
  const fs::path named_folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code failed;
  const fs::path folder = fs::canonical(named_folder, failed);
  if (failed) return refused(file, "its folder cannot be opened: " + failed.message());
  struct stat facts {};
  if (stat(folder.c_str(), &facts) != 0) return refused(file, std::strerror(errno));
  RETURN_IF_ERROR(check_owner_and_mode(file, folder, facts));

  const fs::path real = fs::canonical(file, failed);
  if (failed) return refused(file, failed.message());
  if (real.parent_path() != folder) {
    return refused(file, "it is a link to " + real.string() + ", out of the plugin folder " +
                             folder.string() + "; put the file itself there");
  }
  if (stat(real.c_str(), &facts) != 0) return refused(file, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) {
    return refused(file, "it is not a regular file; a plugin is a shared library");
  }
  RETURN_IF_ERROR(check_owner_and_mode(file, real, facts));
  return real;
}

}  // namespace chunkmill::host
