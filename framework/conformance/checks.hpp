// The inside of the conformance suite: what its files share. Everything here runs in the suite's
// child process.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/conformance/conformance.hpp"
#include "framework/data/batch.hpp"
#include "framework/plugin/elf.hpp"
#include "framework/plugin/isolated.hpp"
#include "framework/plugin/module.hpp"

namespace chunkmill::host {

// How a check came out; a Status is a pass or a failure.
struct Verdict {
  Verdict(const Status& status)
      : outcome(status.ok() ? Check::Outcome::kPassed : Check::Outcome::kFailed),
        detail(status.message()) {}
  static Verdict skipped(std::string why) {
    Verdict verdict{Status()};
    verdict.outcome = Check::Outcome::kSkipped;
    verdict.detail = std::move(why);
    return verdict;
  }

  Check::Outcome outcome;
  std::string detail;
};

// A check's own finding, as opposed to a Status that a handle gave.
inline Status finding(std::string what) { return Status(Code::kPlugin, std::move(what)); }

// Checklist sends each check to the parent process before and after it runs, so that a crash can be
// put down to the check it happened in. read_report() is the other end.
class Checklist {
 public:
  explicit Checklist(IsolatedWrite write) : write_(std::move(write)) {}

  void name_plugin(const std::string& label) { send({"plugin", label}); }
  // True when it passed.
  bool check(const std::string& name, const std::function<Verdict()>& body);
  void skip(const std::string& name, const std::string& why) {
    check(name, [&] { return Verdict::skipped(why); });
  }

 private:
  void send(const std::vector<std::string>& words);

  IsolatedWrite write_;
};

ConformanceReport read_report(const IsolatedOutcome& outcome);

// What is checked: a loaded plugin, and what its objects are made with. `options` may be null.
struct Subject {
  const Module& module;
  const cm_host* host;
  const cm_options* options;
};

void check_file(Checklist& checks, const std::filesystem::path& file, Kind kind,
                const std::string& name);
void check_options(Checklist& checks, const Subject& subject);
void check_source(Checklist& checks, const Subject& subject);
void check_calculator(Checklist& checks, const Subject& subject);
void check_sink(Checklist& checks, const Subject& subject);
void check_hook(Checklist& checks, const Subject& subject);

// No option at all.
const cm_options& empty_options();
// Whatever is asked for is there, and is something strange: `which` counts from 0; null when there
// are no more.
const cm_options* strange_options(size_t which);

// `rows` rows of plausible values of every type. Every third value of a nullable column is null, or
// all of them.
enum class Nulls { kNone, kSome, kAll };
Result<Batch> sample_batch(const std::shared_ptr<const Schema>& schema, int64_t rows, Nulls nulls);

// Ok when both are the same; else says where they begin to differ.
Status same_rows(const std::vector<std::string>& expected, const std::vector<std::string>& got);

}  // namespace chunkmill::host
