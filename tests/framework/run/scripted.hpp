// A job whose source, calculator and sink are written down in the test: what each call does, and
// what was called. There is no plugin file; a test calls one part of a run, or the whole run.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/source.hpp"
#include "framework/run/session.hpp"

namespace chunkmill::scripted {

// What the plugins do. The test sets it before it makes a ScriptedJob.
struct Script {
  std::vector<std::vector<int64_t>> splits{{1, 2, 3, 4, 5}};
  std::set<int64_t> unreadable;          // records that the source cannot read
  std::function<void(int64_t)> on_next;  // given the ordinal of the call; may throw
  std::set<int64_t> bad;                 // rows that the calculator rejects
  std::set<int64_t> refused;             // rows that the sink does not take
  uint32_t abilities = CM_SINK_ATOMIC_WRITE;
  bool names_row = false;                  // the failure says which row was the first bad one
  std::function<void(int64_t)> on_commit;  // given the ordinal of the call; may throw

  // What happened.
  int64_t next_calls = 0, commit_calls = 0, asked = 0;
  std::vector<std::vector<int64_t>> writes;  // the rows of each write
  std::vector<int64_t> committed;
  std::map<std::string, SplitState, std::less<>> ledger;  // of the sink; outlives a process
  std::optional<LedgerRun> run;                           // likewise

  static Script*& current() {
    static Script* script = nullptr;
    return script;
  }
};

// The modules of a scripted source, calculator and sink; with `write_row` the sink offers that
// function of the ABI.
std::vector<const cm_module*> scripted_modules(bool write_row = false);

// A bound job over the script. `extra` are more lines of the job file.
class ScriptedJob {
 public:
  explicit ScriptedJob(Script& script, const std::string& extra = "chunk: {rows: 3}\nworkers: 1\n",
                       bool write_row = false, const std::string& sink = "") {
    Script::current() = &script;
    std::string name = std::filesystem::temp_directory_path() / "chunkmill-scripted-XXXXXX";
    folder_ = mkdtemp(name.data());
    std::ofstream(folder_ / "job.yaml")
        << "job: scripted\nsource: {type: scripted}\ncalculators: [{type: scripted}]\n"
        << "sinks: [{type: scripted" << sink << "}]\n"
        << extra;
    open(write_row);
  }
  ScriptedJob(const ScriptedJob&) = delete;
  ScriptedJob& operator=(const ScriptedJob&) = delete;
  ~ScriptedJob() {
    session_.reset();
    Script::current() = nullptr;
    std::filesystem::remove_all(folder_);
  }

  // Ends the process and begins another one.
  void open(bool write_row = false) {
    session_.reset();
    host::SessionOptions options;
    options.log.level = host::LogLevel::kOff;
    options.modules = scripted_modules(write_row);
    session_ = host::JobSession::make(std::move(options)).take();
    status = session_->load(folder_ / "job.yaml");
    if (status.ok()) status = session_->bind(host::Patience::kNone);
    if (status.ok()) status = session_->open_state(host::OpenMode::kCreate);
  }
  host::JobSession& session() { return *session_; }
  host::Pipeline& pipeline() { return session_->pipeline(); }
  host::RunOutcome run(host::RunOptions options = {}) { return session_->run(std::move(options)); }

  host::Status status;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<host::JobSession> session_;
};

}  // namespace chunkmill::scripted
