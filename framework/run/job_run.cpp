#include "framework/run/job_run.hpp"

namespace chunkmill::host {

Result<std::unique_ptr<JobRun>> JobRun::start(const std::string& job_path, JobRunOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<JobSession> session,
                   JobSession::make(std::move(options.session)));
  Status ready = session->load(job_path);
  if (ready.ok()) ready = session->bind(Patience::kAsTheJob);
  if (!ready.ok() && session->faults().has_errors())
    return Status(ready.code(),
                  render_text(session->faults(), job_path, session->job_text(), false));
  if (ready.ok()) ready = session->open_state(OpenMode::kCreate);
  RETURN_IF_ERROR(ready);
  std::unique_ptr<JobRun> run(new JobRun(std::move(session), options.queued_chunks));
  RunOptions run_options;
  run_options.start.restart = options.restart;
  run_options.listeners.on_chunk = [&self = *run](ChunkResult chunk) {
    self.push(std::move(chunk));
  };
  run->thread_ = std::thread([&self = *run, run_options = std::move(run_options)]() mutable {
    RunOutcome outcome = self.session_->run(std::move(run_options));
    const Lock lock(self.mutex_);
    self.outcome_ = std::move(outcome);
    self.over_ = true;
    self.changed_.notify_all();
  });
  return run;
}

JobRun::~JobRun() {
  if (!thread_.joinable()) return;
  cancel();
  {
    const Lock lock(mutex_);
    unheard_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JobRun::push(ChunkResult chunk) {
  Lock lock(mutex_);
  changed_.wait(lock.native(), [&] {
    mutex_.assert_held();
    return queue_.size() < most_ || unheard_;
  });
  if (unheard_) return;
  queue_.push_back(std::move(chunk));
  changed_.notify_all();
}

std::optional<ChunkResult> JobRun::next_chunk() {
  Lock lock(mutex_);
  changed_.wait(lock.native(), [&] {
    mutex_.assert_held();
    return !queue_.empty() || over_;
  });
  if (queue_.empty()) return std::nullopt;
  ChunkResult chunk = std::move(queue_.front());
  queue_.pop_front();
  changed_.notify_all();
  return chunk;
}

RunOutcome JobRun::finish() {
  {
    const Lock lock(mutex_);
    unheard_ = true;
    queue_.clear();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  const Lock lock(mutex_);
  return outcome_;
}

}  // namespace chunkmill::host
