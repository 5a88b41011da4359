// Says from time to time that a worker lives, on a thread and a connection of its own: what the
// worker does meanwhile, however long it takes, does not make it look dead.
//
// Failure: none that is seen; a connection that is lost is made again at the next beat. Threads:
// made and destroyed by one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "chunkmill/mutex.hpp"
#include "chunkmill/sql/workers.hpp"

namespace chunkmill::sql {

class Heartbeat {
 public:
  using Connect = std::function<std::unique_ptr<Connection>()>;

  // Throws where the first connection cannot be made. `workers` outlives it.
  Heartbeat(const Workers& workers, Connect connect, std::string worker, int64_t lease_ms)
      : workers_(&workers),
        connect_(std::move(connect)),
        worker_(std::move(worker)),
        every_(lease_ms / kBeatsInALease) {
    open();
    thread_ = std::thread([this] { beat_until_stopped(); });
  }
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat() {
    {
      const Lock lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
    try {
      if (connection_ != nullptr) workers_->leave(*connection_, worker_);
    } catch (const std::exception&) {
      // The connection ends in a moment, which says the same.
    }
  }

 private:
  static constexpr int64_t kBeatsInALease = 5;

  void open() {
    connection_ = connect_();
    workers_->enter(*connection_, worker_, true);
  }

  void beat_until_stopped() {
    Lock lock(mutex_);
    while (!changed_.wait_for(lock.native(), every_, [this] {
      mutex_.assert_held();
      return stopped_;
    })) {
      lock.unlock();
      beat();
      lock.lock();
    }
  }

  void beat() {
    try {
      if (connection_ == nullptr) {
        open();
      } else if (!workers_->beat(*connection_)) {
        // Another took this worker for dead. Its splits are gone; it may ask for others.
        workers_->enter(*connection_, worker_, true);
      }
    } catch (const std::exception&) {
      connection_.reset();
    }
  }

  const Workers* workers_;
  Connect connect_;
  std::string worker_;
  std::chrono::milliseconds every_;
  std::unique_ptr<Connection> connection_;  // of the constructor, then of the thread
  Mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ CHUNKMILL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace chunkmill::sql
