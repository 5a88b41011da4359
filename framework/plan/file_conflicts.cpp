#include "framework/plan/file_conflicts.hpp"

#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "framework/job/option_schema.hpp"

namespace chunkmill::host {
namespace {

namespace fs = std::filesystem;

// A file, or a pattern of files, that a plugin names.
struct Named {
  const PluginSpec* plugin = nullptr;
  std::string path;      // absolute
  std::string resolved;  // with the links of its folder followed
  Place place;
  bool takes_list = false;  // the option names any number of files
};

bool is_database_of_both(const Named& reader, const Named& writer) {
  return reader.plugin->type == writer.plugin->type && !reader.takes_list;
}

// Follows the links of the folder before the first wildcard; the rest stays.
std::string resolve(const std::string& path) {
  const size_t slash = path.rfind('/', path.find_first_of("*?["));
  if (slash == std::string::npos) return path;
  std::error_code failed;
  const fs::path folder = fs::weakly_canonical(path.substr(0, slash + 1), failed);
  if (failed) return path;
  return (folder / path.substr(slash + 1)).lexically_normal().string();
}

std::optional<struct stat> facts_of(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return std::nullopt;
  return facts;
}

bool is_same_file(const std::string& a, const std::string& b) {
  const std::optional<struct stat> first = facts_of(a);
  const std::optional<struct stat> second = facts_of(b);
  return first && second && S_ISREG(first->st_mode) && first->st_dev == second->st_dev &&
         first->st_ino == second->st_ino;
}

// Devices and folders are none of the files that can be written over.
bool can_clash(const std::string& path) {
  const std::optional<struct stat> facts = facts_of(path);
  return !facts || S_ISREG(facts->st_mode);
}

// The writer's file or one that it makes beside it, where the reader's pattern finds it.
std::optional<std::string> found_by(const std::string& pattern, const Named& writer) {
  for (const char* suffix : {"", ".chunkmill-partial", ".chunkmill-ledger", ".chunkmill-ledger-new",
                             "-journal", "-wal", "-shm"}) {
    const std::string file = writer.resolved + suffix;
    if (file == pattern || fnmatch(pattern.c_str(), file.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0)
      return writer.path + suffix;
  }
  return std::nullopt;
}

std::optional<std::string> clash_of(const Named& reader, const Named& writer) {
  if (!can_clash(writer.path)) return std::nullopt;
  if (const auto file = found_by(reader.resolved, writer); file) return file;
  if (is_same_file(reader.path, writer.path)) return writer.path;
  glob_t found{};
  bool same = false;
  if (glob(reader.path.c_str(), 0, nullptr, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc && !same; ++i)
      same = is_same_file(found.gl_pathv[i], writer.path);
  globfree(&found);
  return same ? std::optional(writer.path) : std::nullopt;
}

class FileCheck {
 public:
  FileCheck(Registry& registry, Faults* faults) : registry_(registry), faults_(faults) {}

  void check(const JobSpec& spec) {
    std::vector<Named> readers = paths_of(spec.source, Kind::kSource, false);
    for (const LookupSpec& lookup : spec.lookups)
      std::ranges::move(paths_of(lookup.plugin, Kind::kSource, false), std::back_inserter(readers));
    std::vector<Named> writers;
    for (const SinkSpec& sink : spec.sinks)
      std::ranges::move(paths_of(sink.plugin, Kind::kSink, true), std::back_inserter(writers));
    check_writers(writers);
    for (const PluginSpec& hook : spec.hooks)
      std::ranges::move(paths_of(hook, Kind::kHook, true), std::back_inserter(writers));
    for (const Named& writer : writers) check_writer(writer, readers, spec.path);
  }

 private:
  std::vector<Named> paths_of(const PluginSpec& plugin, Kind kind, bool required_alone) {
    std::vector<Named> out;
    const Result<std::string> json = registry_.option_schema(kind, plugin.type);
    if (!json.ok()) return out;
    const Result<OptionSchema> schema = OptionSchema::parse(*json);
    if (!schema.ok()) return out;
    for (const auto& [name, option] : schema->properties) {
      const bool takes_list = option.items != nullptr && option.items->path;
      if (!option.path && !takes_list) continue;
      const bool required = std::ranges::find(schema->required, name) != schema->required.end();
      if (required_alone && !required) continue;
      if (const Value* value = plugin.options.find(name); value != nullptr)
        add(plugin, *value, takes_list, &out);
    }
    return out;
  }

  void add(const PluginSpec& plugin, const Value& value, bool takes_list, std::vector<Named>* out) {
    for (size_t i = 0; value.is_list() && i < value.size(); ++i)
      add(plugin, value.at(i), takes_list, out);
    if (value.is_scalar() && value.text().starts_with('/'))
      out->push_back({&plugin, value.text(), resolve(value.text()), value.place(), takes_list});
  }

  void check_writers(const std::vector<Named>& writers) {
    for (size_t i = 0; i < writers.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const Named& first = writers[j];
        const Named& second = writers[i];
        if (first.plugin == second.plugin || !can_clash(second.path)) continue;
        if (first.resolved != second.resolved && !is_same_file(first.path, second.path)) continue;
        faults_->error(second.place,
                       second.plugin->path + " writes the same file as " + first.plugin->path +
                           ": " + second.path,
                       "Give each a file of its own; for several tables of one database use one "
                       "sink with `tables:`.");
      }
    }
  }

  void check_writer(const Named& writer, const std::vector<Named>& readers,
                    const std::string& job_file) {
    if (writer.resolved == resolve(job_file) || is_same_file(writer.path, job_file))
      faults_->error(writer.place, writer.plugin->path + " would write over the job file");
    for (const Named& reader : readers) {
      if (is_database_of_both(reader, writer)) continue;
      const std::optional<std::string> file = clash_of(reader, writer);
      if (!file) continue;
      faults_->error(writer.place,
                     writer.plugin->path + " writes " + *file +
                         ", which is an input: " + reader.plugin->path + " reads " + reader.path,
                     "Write to another folder, or choose a pattern that does not find it.");
      return;
    }
  }

  Registry& registry_;
  Faults* faults_;
};

}  // namespace

void check_files(const JobSpec& spec, Registry& registry, Faults* faults) {
  FileCheck(registry, faults).check(spec);
}

}  // namespace chunkmill::host
