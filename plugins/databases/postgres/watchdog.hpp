// Ends connections that get no answer: libpq waits for ever, so a thread shuts the socket down when
// a call is late, and the call returns with an error.
//
// A Lifeline holds a duplicate of the connection's socket, so that it never touches a number that
// the system has given to another file meanwhile.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <thread>
#include <vector>

#include "chunkmill/mutex.hpp"

namespace chunkmill::postgres {

class Watchdog;

// One connection under watch. Threads: arm() and disarm() by the connection's, the rest by any.
class Lifeline {
 public:
  // `watchdog` outlives it.
  Lifeline(Watchdog& watchdog, int socket);
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;
  ~Lifeline();

  // The call that begins now must be over within `ms`.
  void arm(int64_t ms);
  void disarm() { deadline_ms_.store(0, std::memory_order_relaxed); }
  // True once the watchdog has shut the socket down because a call was late.
  bool is_late() const { return late_.load(); }

 private:
  friend class Watchdog;
  void cut();

  Watchdog& watchdog_;
  int socket_;                            // our own duplicate
  std::atomic<int64_t> deadline_ms_ = 0;  // on the steady clock; 0: no call is under way
  std::atomic<bool> late_ = false;
};

class Watchdog {
 public:
  Watchdog() = default;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  // Ends every connection, now and from now on.
  void interrupt();
  bool is_interrupted() const { return interrupted_.load(); }

 private:
  friend class Lifeline;
  void add(Lifeline* line);
  void remove(Lifeline* line);
  void watch();

  Mutex mutex_;
  std::condition_variable wake_;
  std::vector<Lifeline*> lines_ CHUNKMILL_GUARDED_BY(mutex_);
  std::thread thread_;  // begun with the first line
  bool ended_ CHUNKMILL_GUARDED_BY(mutex_) = false;

  std::atomic<bool> interrupted_ = false;
};

}  // namespace chunkmill::postgres
