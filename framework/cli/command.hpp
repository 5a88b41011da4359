// What all verbs share: how their options are read, how failures end the process, how a job is
// opened.
#pragma once

#include <boost/program_options.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/run/session.hpp"

namespace chunkmill::host::cli {

namespace options = boost::program_options;

// Exit codes; docs/exit-codes.md explains them.
inline constexpr int kSuccess = 0;
inline constexpr int kFinishedWithRejects = 3;
inline constexpr int kThresholdExceeded = 4;
inline constexpr int kBudgetUsedUp = 5;
inline constexpr int kUsage = 64;
inline constexpr int kUnavailable = 69;
inline constexpr int kBroken = 70;
inline constexpr int kStateBroken = 74;
inline constexpr int kJobWrong = 78;
inline constexpr int kInterrupted = 130;

int exit_code_of(Code code);

// One verb of the command line.
struct Verb {
  const char* name;      // "run", "plugins list"
  const char* operands;  // "JOB"
  const char* summary;   // one line
  int (*run)(const std::vector<std::string>& arguments);
};

// Options that most verbs take. Fills `described` in; the result must outlive parsing.
struct CommonOptions {
  std::vector<std::string> overrides;
  std::vector<std::string> plugin_folders;
  std::string state_folder;
  std::string shard;
  std::string log_level = "info";
  std::string log_format = "text";
  std::string format = "text";
  bool no_color = false;
  bool quiet = false;
  bool locked = false;

  // For verbs that bind a job.
  void describe(options::options_description* described);
  // For verbs without a job: where plugins are, and how data is printed.
  void describe_lookup(options::options_description* described);
  // For verbs that look at what runs left behind.
  void describe_state(options::options_description* described);
  bool json() const { return format == "json"; }
  Status check_format() const;
  // Nothing where --shard was not given.
  Result<std::optional<Shard>> read_shard() const;
  PluginFolders folders() const;
  Result<SessionOptions> session_options() const;

 private:
  void describe_folders(options::options_description* described);
  void describe_format(options::options_description* described);
};

// Reads `arguments`: options, and operands in the order of `operand_names`. A name in brackets may
// be left out; the last may be given several times when it ends in "...". On --help prints the
// verb's help and returns 0; on a mistake prints it with the nearest option and returns kUsage;
// nothing when the verb shall go on. `values` receives what was given.
std::optional<int> parse(const Verb& verb, const options::options_description& described,
                         const std::vector<std::string>& operand_names,
                         const std::vector<std::string>& arguments, options::variables_map* values);

// The operand `name`; parse() saw to it that it is there, or it is empty where it may be left out.
std::string operand(const options::variables_map& values, const char* name);

// kUsage, with the nearest one, where there is no such kind of plugin.
Result<Kind> read_kind(const std::string& word);

// Loads the job for a verb, and binds it where `bind` says how. On failure prints all faults, as
// text on standard error or as JSON on standard output, and sets
// `*exit_code`.
std::unique_ptr<JobSession> open_job(const std::string& path, const CommonOptions& common,
                                     std::optional<Patience> bind, int* exit_code);

// Prints "chunkmill: error: ..." and returns the exit code for it.
int fail(const Status& status);

// `path` as seen from the working directory, where that is shorter.
std::string short_path(const std::string& path);

const std::vector<Verb>& verbs();

}  // namespace chunkmill::host::cli
