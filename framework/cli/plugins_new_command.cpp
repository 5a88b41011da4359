#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <sstream>

#include "framework/cli/verbs.hpp"
#include "framework/plugin/folders.hpp"

namespace chunkmill::host::cli {
namespace {

namespace fs = std::filesystem;

// share/chunkmill/template of the prefix that this program is installed in, or the source tree it
// was built from.
fs::path template_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  const fs::path installed =
      program.parent_path().parent_path() / "share" / "chunkmill" / "template";
  if (!failed && fs::is_directory(installed, failed)) return installed;
  return CHUNKMILL_TEMPLATE_DIR;
}

// "scope3.purchased_goods" becomes Scope3PurchasedGoods.
std::string class_name(const std::string& name) {
  std::string out;
  bool first = true;
  for (const char c : name) {
    if (c == '.' || c == '_') {
      first = true;
      continue;
    }
    out += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    first = false;
  }
  return std::isdigit(static_cast<unsigned char>(out.front())) != 0 ? "Plugin" + out : out;
}

// A template's text or file name with its placeholders filled in.
std::string filled(std::string text, const std::string& name) {
  const std::pair<std::string, std::string> words[] = {{"@NAME@", name},
                                                       {"@CLASS@", class_name(name)}};
  for (const auto& [placeholder, word] : words)
    for (size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + word.size()))
      text.replace(at, placeholder.size(), word);
  return text;
}

Status copy_file(const fs::path& from, const fs::path& to, const std::string& name) {
  std::ifstream in(from, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  std::ofstream out(to, std::ios::binary);
  out << filled(text.str(), name);
  out.flush();
  if (!in || !out) return Status(Code::kState, "cannot write " + to.string());
  return Status();
}

Status copy_template(const fs::path& from, const fs::path& to, const std::string& name,
                     std::vector<fs::path>* written) {
  std::error_code failed;
  if (fs::exists(to, failed) && !fs::is_empty(to, failed))
    return Status(Code::kUsage, to.string() + " is there already; choose another with --dir");
  fs::create_directories(to, failed);
  if (failed) return Status(Code::kState, "cannot make " + to.string() + ": " + failed.message());
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(from, failed)) {
    const fs::path target = to / filled(fs::relative(entry.path(), from).string(), name);
    if (entry.is_directory()) {
      fs::create_directories(target, failed);
      continue;
    }
    RETURN_IF_ERROR(copy_file(entry.path(), target, name));
    written->push_back(target);
  }
  if (failed) return Status(Code::kState, "cannot read " + from.string() + ": " + failed.message());
  return Status();
}

}  // namespace

int plugins_new_command(const Arguments& arguments) {
  CommonOptions common;
  std::string folder;
  options::options_description described("options");
  described.add_options()("dir", options::value(&folder),
                          "the folder to make (default: NAME, here)");
  options::variables_map values;
  const Verb& verb = verb_named("plugins new");
  if (const auto done = parse(verb, described, {"KIND", "NAME"}, arguments, &values)) return *done;
  const Result<Kind> kind = read_kind(operand(values, "KIND"));
  if (!kind.ok()) return fail(kind.status());
  const std::string name = operand(values, "NAME");
  if (!is_type_name(name))
    return fail(Status(Code::kUsage, "\"" + name +
                                         "\" is no name for a plugin: names have a-z, 0-9, _ and "
                                         "single dots, at most 63 characters"));
  const fs::path from = template_folder() / kind_name(*kind);
  std::error_code failed;
  if (!fs::is_directory(from, failed))
    return fail(Status(Code::kState, "there is no template at " + from.string()));
  const fs::path to = folder.empty() ? fs::path(name) : fs::path(folder);
  std::vector<fs::path> written;
  if (const Status status = copy_template(from, to, name, &written); !status.ok())
    return fail(status);
  std::sort(written.begin(), written.end());
  for (const fs::path& file : written) std::cout << file.string() << "\n";
  const std::string build = (to / "build").string();
  std::cerr << "\nto build and check it:\n  cmake -S " << to.string() << " -B " << build
            << " && cmake --build " << build << "\n  chunkmill plugins check " << build << "/"
            << plugin_file_name(*kind, name) << "\n";
  return kSuccess;
}

}  // namespace chunkmill::host::cli
