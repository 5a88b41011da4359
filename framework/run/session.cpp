#include "framework/run/session.hpp"

#include "framework/run/hook_observer.hpp"
#include "framework/run/known_id.hpp"
#include "framework/run/retried.hpp"
#include "framework/run/sharing.hpp"

namespace chunkmill::host {

JobSession::JobSession(SessionOptions options)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? options_.clock : &machine_clock_) {
  log_ = std::make_unique<Log>(terminal_, *clock_, options_.log);
}

JobSession::~JobSession() = default;

Result<std::unique_ptr<JobSession>> JobSession::make(SessionOptions options) {
  std::unique_ptr<JobSession> session(new JobSession(std::move(options)));
  return session;
}

Status JobSession::load(const std::string& job_path) {
  job_path_ = job_path;
  RegistryOptions registry_options;
  // A run opens few plugins that its user chose; trying each in a child first is for listings.
  registry_options.try_first = false;
  if (options_.locked) {
    const std::filesystem::path file =
        std::filesystem::path(job_path).parent_path() / "plugins.lock";
    ASSIGN_OR_RETURN(registry_options.lock, PluginLock::read(file));
  }
  registry_ = std::make_unique<Registry>(PluginFolders::standard(options_.plugin_folders),
                                         registry_options);
  for (const cm_module* module : options_.modules) RETURN_IF_ERROR(registry_->add(module));
  LoadOptions load_options;
  load_options.overrides = options_.overrides;
  load_options.shard = options_.shard;
  const SchemaOf schema_of = [this](std::string_view kind,
                                    std::string_view type) -> Result<std::string> {
    const std::optional<Kind> known = kind_of(kind);
    if (!known) return Status(Code::kInternal, "no such kind of plugin: " + std::string(kind));
    return registry_->option_schema(*known, type);
  };
  ASSIGN_OR_RETURN(JobSpec spec, load_job(job_path, load_options, schema_of, &faults_, &job_text_));
  spec.id = known_id(state_folder_of(spec), spec, *clock_);
  spec_ = std::make_unique<const JobSpec>(std::move(spec));
  return Status();
}

Status JobSession::bind(Patience patience) {
  const Surroundings surroundings{log_.get(), &metrics_, &cancelled_};
  Backoff backoff(spec_->retry, random_seed());
  const Faults loaded = faults_;
  while (true) {
    Result<Pipeline> pipeline = host::bind(*spec_, *registry_, surroundings, &faults_);
    if (pipeline.ok()) {
      pipeline_ = std::make_unique<Pipeline>(pipeline.take());
      spec_.reset();
      return Status();
    }
    const Status status = pipeline.status();
    if (patience == Patience::kNone || !is_transient(status) || !backoff.again()) return status;
    faults_ = loaded;  // the warnings of this attempt come again
    const int64_t delay = backoff.delay_ms(status);
    announce_retry(*log_, status, delay, {{"stage", "connect"}});
    if (!clock_->sleep_ms(delay, cancelled_)) return status;
  }
}

std::filesystem::path JobSession::state_folder_of(const JobSpec& spec) const {
  if (!options_.state_folder.empty()) return options_.state_folder;
  return std::filesystem::path(spec.path).parent_path() / ".chunkmill";
}

std::filesystem::path JobSession::state_path() const {
  return host::state_path(state_folder_of(spec()), spec().id);
}

Status JobSession::open_state(OpenMode mode) {
  if (mode == OpenMode::kCreate && pipeline_ != nullptr && shares_splits(*pipeline_))
    mode = OpenMode::kShared;
  ASSIGN_OR_RETURN(state_, StateStore::open(state_path(), mode, *clock_));
  return Status();
}

RunServices JobSession::services() {
  Threads* const threads = options_.threads != nullptr ? options_.threads : &Threads::machine();
  return {state_.get(), log_.get(), &metrics_, clock_, threads, &cancelled_};
}

RunOutcome JobSession::run(RunOptions options) {
  RunOutcome outcome;
  if (spec().shard)
    outcome.failure = stop_if_replaced(
        "which each shard would do for itself, so that the rows of the last one alone were left; "
        "run the job as a whole, or into mode insert or upsert");
  if (pipeline_->source->rerun() == CM_RERUN_CONTINUE)
    outcome.failure = stop_if_replaced(
        "and an incremental source gives only what is new, so that all else would be gone; use "
        "mode insert or upsert");
  if (!outcome.failure.ok()) return outcome;
  HookObserver hooks(pipeline_->hooks, *log_);
  if (!pipeline_->hooks.empty()) options.listeners.observers.push_back(&hooks);
  Scheduler scheduler(*pipeline_, services(), std::move(options));
  return scheduler.run();
}

Result<Preview> JobSession::preview(int64_t rows) {
  return host::preview(*pipeline_, rows, log_.get(), &metrics_);
}

Status JobSession::stop_if_replaced(const std::string& why) const {
  for (size_t i = 0; i < pipeline_->sinks.size(); ++i) {
    const Value& sink = pipeline_->sinks[i].spec->plugin.options;
    const auto replaces = [](const Value* options) {
      const Value* mode = options == nullptr ? nullptr : options->find("mode");
      return mode != nullptr && mode->text() == "replace";
    };
    bool found = replaces(&sink);
    if (const Value* tables = sink.find("tables"); tables != nullptr)
      for (size_t t = 0; t < tables->size(); ++t) found |= replaces(&tables->at(t));
    if (found)
      return Status(Code::kUsage, "sink " + std::to_string(i) + " has `mode: replace`, " + why);
  }
  return Status();
}

}  // namespace chunkmill::host
