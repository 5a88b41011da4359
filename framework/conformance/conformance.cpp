#include "framework/conformance/conformance.hpp"

#include <algorithm>
#include <array>

#include "framework/conformance/checks.hpp"
#include "framework/plugin/folders.hpp"
#include "framework/plugin/host_services.hpp"

namespace chunkmill::host {
namespace {

constexpr char kEndOfWord = '\x1f';
constexpr char kEndOfLine = '\x1e';

// A host that has nothing to give.
class BareHost final : public HostServices {
 public:
  bool log_enabled(int) override { return true; }
  void log(int, std::string_view) override {}
  void metric(int, std::string_view, double) override {}
  bool cancelled() override { return false; }
  Result<std::string> secret(std::string_view name) override {
    return Status(Code::kNotFound, "there is no secret \"" + std::string(name) + "\" here");
  }
  Status lookup(std::string_view name, const ArrowSchema*, ArrowArrayStream*) override {
    return Status(Code::kNotFound, "there is no lookup \"" + std::string(name) + "\" here");
  }
};

void run_suite(Checklist& checks, const std::filesystem::path& file,
               const ConformanceOptions& options) {
  Identity identity;
  if (!checks.check("the file is a chunkmill plugin of this ABI", [&]() -> Status {
        ASSIGN_OR_RETURN(identity, read_identity(file));
        return Status();
      })) {
    return;
  }
  check_file(checks, file, identity.kind, identity.name);
  std::unique_ptr<const Module> module;
  if (!checks.check("it loads, and its descriptor is complete", [&]() -> Status {
        ASSIGN_OR_RETURN(module, Module::load(file, identity.kind, identity.name));
        return Status();
      })) {
    return;
  }
  checks.name_plugin(module->label());
  BareHost services;
  const HostTable host(services);
  const Subject subject{*module, host.abi(), options.options};
  check_options(checks, subject);
  switch (identity.kind) {
    case Kind::kSource:
      return check_source(checks, subject);
    case Kind::kCalculator:
      return check_calculator(checks, subject);
    case Kind::kSink:
      return check_sink(checks, subject);
    case Kind::kHook:
      return check_hook(checks, subject);
  }
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(at), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

constexpr std::array<std::pair<std::string_view, Check::Outcome>, 3> kOutcomes{
    {{"passed", Check::Outcome::kPassed},
     {"failed", Check::Outcome::kFailed},
     {"skipped", Check::Outcome::kSkipped}}};

}  // namespace

bool ConformanceReport::passed() const { return count(Check::Outcome::kFailed) == 0; }

size_t ConformanceReport::count(Check::Outcome outcome) const {
  return static_cast<size_t>(std::ranges::count(checks, outcome, &Check::outcome));
}

void Checklist::send(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    for (const char c : word) line.push_back(c == kEndOfWord || c == kEndOfLine ? ' ' : c);
    line.push_back(kEndOfWord);
  }
  line.back() = kEndOfLine;
  write_(line);
}

bool Checklist::check(const std::string& name, const std::function<Verdict()>& body) {
  send({"begin", name});
  const Verdict verdict = body();
  for (const auto& [word, outcome] : kOutcomes) {
    if (outcome == verdict.outcome) send({std::string(word), name, verdict.detail});
  }
  return verdict.outcome == Check::Outcome::kPassed;
}

ConformanceReport read_report(const IsolatedOutcome& outcome) {
  ConformanceReport report;
  std::string running = "the file is opened";
  for (const std::string& line : split(outcome.output, kEndOfLine)) {
    std::vector<std::string> words = split(line, kEndOfWord);
    words.resize(3);
    if (words[0] == "plugin") report.plugin = words[1];
    if (words[0] == "begin") running = words[1];
    for (const auto& [word, result] : kOutcomes) {
      if (words[0] == word) report.checks.push_back({words[1], result, words[2]});
    }
  }
  if (!outcome.fault.empty()) {
    report.checks.push_back({running, Check::Outcome::kFailed, "the plugin " + outcome.fault});
  }
  return report;
}

ConformanceReport check_plugin(const std::filesystem::path& file,
                               const ConformanceOptions& options) {
  ConformanceReport report;
  const auto real = check_plugin_file(file);
  Check rules{"the file keeps the rules of a plugin folder", Check::Outcome::kPassed, {}};
  if (!real.ok()) {
    rules.outcome = Check::Outcome::kFailed;
    rules.detail = real.status().message();
    report.checks.push_back(std::move(rules));
    return report;
  }
  report = read_report(run_isolated(options.time_limit, [&](const IsolatedWrite& write) {
    Checklist checks(write);
    run_suite(checks, *real, options);
  }));
  report.checks.insert(report.checks.begin(), std::move(rules));
  return report;
}

}  // namespace chunkmill::host
