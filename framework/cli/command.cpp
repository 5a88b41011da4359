#include "framework/cli/command.hpp"

#include <malloc.h>

#include <charconv>
#include <cstdio>
#include <iostream>

#include "chunkmill/nearest.hpp"

namespace chunkmill::host::cli {

int exit_code_of(Code code) {
  switch (code) {
    case Code::kOk:
    case Code::kEnd:
      return kSuccess;
    case Code::kUsage:
    case Code::kNotFound:
      return kUsage;
    case Code::kJob:
      return kJobWrong;
    case Code::kUnavailable:
      return kUnavailable;
    case Code::kPlugin:
    case Code::kInternal:
      return kBroken;
    case Code::kState:
      return kStateBroken;
    case Code::kThreshold:
      return kThresholdExceeded;
    case Code::kCancelled:
      return kInterrupted;
  }
  return kBroken;
}

void CommonOptions::describe(options::options_description* described) {
  auto add = described->add_options();
  add("locked", options::bool_switch(&locked),
      "load only plugins that plugins.lock beside the job file pins");
  add("log-level", options::value(&log_level),
      ("debug, info, warn, error or off (default: " + log_level + ")").c_str());
  add("log-format", options::value(&log_format), "text or json (default: text)");
  add("quiet,q", options::bool_switch(&quiet), "neither progress nor summary, warnings only");
  describe_folders(described);
  describe_state(described);
}

void CommonOptions::describe_lookup(options::options_description* described) {
  describe_folders(described);
  describe_format(described);
}

void CommonOptions::describe_state(options::options_description* described) {
  described->add_options()("set", options::value(&overrides)->composing(),
                           "PATH=VALUE: overrides one value of the job file, e.g. sinks.0.table=x")(
      "state", options::value(&state_folder),
      "folder of the state file (default: .chunkmill/ beside the job file)")(
      "shard", options::value(&shard),
      "I/N: only the splits whose number modulo N is I, from 0, as a run of their own");
  describe_format(described);
}

void CommonOptions::describe_folders(options::options_description* described) {
  described->add_options()("plugin-dir", options::value(&plugin_folders)->composing(),
                           "a folder to look for plugins in first");
}

void CommonOptions::describe_format(options::options_description* described) {
  described->add_options()("format", options::value(&format),
                           "text or json, for what is printed (default: text)")(
      "no-color", options::bool_switch(&no_color), "no colours");
}

Status CommonOptions::check_format() const {
  if (format == "text" || format == "json") return Status();
  return Status(Code::kUsage, "--format is text or json, not \"" + format + "\"");
}

PluginFolders CommonOptions::folders() const {
  return PluginFolders::standard({plugin_folders.begin(), plugin_folders.end()});
}

Result<std::optional<Shard>> CommonOptions::read_shard() const {
  if (shard.empty()) return std::optional<Shard>();
  Shard out;
  const char* const end = shard.data() + shard.size();
  const auto index = std::from_chars(shard.data(), end, out.index);
  if (index.ec == std::errc() && index.ptr != end && *index.ptr == '/') {
    const auto count = std::from_chars(index.ptr + 1, end, out.count);
    if (count.ec == std::errc() && count.ptr == end && out.index >= 0 && out.index < out.count)
      return std::optional(out);
  }
  return Status(Code::kUsage,
                "--shard is I/N with 0 <= I < N (0/4, 1/4, 2/4, 3/4), not \"" + shard + "\"");
}

Result<SessionOptions> CommonOptions::session_options() const {
  RETURN_IF_ERROR(check_format());
  SessionOptions out;
  ASSIGN_OR_RETURN(out.shard, read_shard());
  out.overrides = overrides;
  out.plugin_folders.assign(plugin_folders.begin(), plugin_folders.end());
  out.state_folder = state_folder;
  out.locked = locked;
  ASSIGN_OR_RETURN(out.log.level, parse_log_level(log_level));
  ASSIGN_OR_RETURN(out.log.format, parse_log_format(log_format));
  if (quiet && out.log.level < LogLevel::kWarn) out.log.level = LogLevel::kWarn;
  out.log.color = !no_color && Terminal::wants_color();
  return out;
}

namespace {

void print_help(const Verb& verb, const options::options_description& described) {
  std::cout << "usage: chunkmill " << verb.name << " " << verb.operands << " [options]\n\n"
            << verb.summary << ".\n\n"
            << described;
}

int usage_error(const Verb& verb, const std::string& message) {
  std::cerr << "chunkmill " << verb.name << ": " << message << "\n  see: chunkmill " << verb.name
            << " --help\n";
  return kUsage;
}

bool may_be_left_out(const std::string& operand_name) { return operand_name.starts_with("["); }

std::string unknown_option(const options::options_description& described, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& option : described.options()) names.push_back("--" + option->long_name());
  const std::string near = nearest(name, names);
  return "there is no option " + name + (near.empty() ? "" : "; did you mean " + near + "?");
}

}  // namespace

std::optional<int> parse(const Verb& verb, const options::options_description& described,
                         const std::vector<std::string>& operand_names,
                         const std::vector<std::string>& arguments,
                         options::variables_map* values) {
  options::options_description all = described;
  all.add_options()("help,h", "this text");
  options::options_description operands;
  options::positional_options_description positions;
  for (const std::string& name : operand_names) {
    const bool many = name.ends_with("...");
    std::string key = many ? name.substr(0, name.size() - 3) : name;
    if (may_be_left_out(name)) key = key.substr(1, key.size() - 2);
    operands.add_options()(key.c_str(), options::value<std::vector<std::string>>()->composing());
    positions.add(key.c_str(), many ? -1 : 1);
  }
  options::options_description known;
  known.add(all).add(operands);
  try {
    using Style = options::command_line_style::style_t;
    const auto style = static_cast<Style>(options::command_line_style::unix_style &
                                          ~options::command_line_style::allow_guessing);
    const auto parsed = options::command_line_parser(arguments)
                            .options(known)
                            .positional(positions)
                            .style(style)
                            .run();
    options::store(parsed, *values);
    if (values->count("help") > 0) {
      print_help(verb, all);
      return kSuccess;
    }
    options::notify(*values);
  } catch (const options::unknown_option& fault) {
    return usage_error(verb, unknown_option(all, fault.get_option_name()));
  } catch (const options::too_many_positional_options_error&) {
    return usage_error(verb, "too many operands; it takes: " + std::string(verb.operands));
  } catch (const options::error& fault) {
    return usage_error(verb, fault.what());
  }
  for (const std::string& name : operand_names) {
    if (!name.ends_with("...") && !may_be_left_out(name) && values->count(name) == 0)
      return usage_error(verb, name + " is missing");
  }
  return std::nullopt;
}

std::string operand(const options::variables_map& values, const char* name) {
  return values.count(name) == 0 ? "" : values[name].as<std::vector<std::string>>().front();
}

Result<Kind> read_kind(const std::string& word) {
  if (const std::optional<Kind> kind = kind_of(word)) return *kind;
  std::vector<std::string> names;
  std::string there;
  for (const Kind kind : kKinds) {
    names.emplace_back(kind_name(kind));
    there += (there.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest(word, names);
  return Status(Code::kUsage,
                "there is no kind of plugin \"" + word + "\"; " +
                    (near.empty() ? "there are: " + there : "did you mean \"" + near + "\"?"));
}

std::unique_ptr<JobSession> open_job(const std::string& path, const CommonOptions& common,
                                     std::optional<Patience> bind, int* exit_code) {
  Result<SessionOptions> options = common.session_options();
  if (!options.ok()) {
    *exit_code = fail(options.status());
    return nullptr;
  }
  const bool color = options->log.color;
  Result<std::unique_ptr<JobSession>> made = JobSession::make(options.take());
  if (!made.ok()) {
    *exit_code = fail(made.status());
    return nullptr;
  }
  std::unique_ptr<JobSession> session = made.take();
  Status status = session->load(path);
  if (status.ok() && bind) {
    status = session->bind(*bind);
    // What reading the lookups took for a while goes back: none of it is as large as what main()
    // lets go by itself.
    malloc_trim(0);
  }
  const Faults& faults = session->faults();
  // Warnings alone must not stand before the verb's own JSON.
  if (common.json() && faults.has_errors()) {
    std::cout << session->log().redact(render_json(faults, path));
  } else if (!faults.all().empty()) {
    std::cerr << session->log().redact(render_text(faults, path, session->job_text(), color));
  }
  if (status.ok()) return session;
  if (!faults.has_errors()) {
    *exit_code = fail(Status(status.code(), session->log().redact(status.message())));
    return nullptr;
  }
  if (!common.json())
    std::cerr << path << ": " << faults.errors() << (faults.errors() == 1 ? " error" : " errors")
              << "; nothing was touched\n";
  *exit_code = exit_code_of(status.code());
  return nullptr;
}

int fail(const Status& status) {
  std::cerr << "chunkmill: error: " << status.message() << "\n";
  return exit_code_of(status.code());
}

std::string short_path(const std::string& path) {
  std::error_code fault;
  const std::string relative = std::filesystem::proximate(path, fault).string();
  return fault || relative.size() >= path.size() ? path : relative;
}

}  // namespace chunkmill::host::cli
