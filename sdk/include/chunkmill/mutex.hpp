// A mutex whose use clang checks (-Wthread-safety): members say which mutex guards them, functions
// say which one they need held. With other compilers the words mean nothing.
//
//   Mutex mutex_;
//   int count_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
//   void add() { const Lock lock(mutex_); ++count_; }
//
// Threads: any.
#pragma once

#include <mutex>

#if defined(__clang__)
#define CHUNKMILL_CHECKED(attribute) __attribute__((attribute))
#else
#define CHUNKMILL_CHECKED(attribute)
#endif

// Read and written under `mutex` alone.
#define CHUNKMILL_GUARDED_BY(mutex) CHUNKMILL_CHECKED(guarded_by(mutex))
// Called with `mutex` held.
#define CHUNKMILL_REQUIRES(mutex) CHUNKMILL_CHECKED(requires_capability(mutex))
// Called where one thread alone can reach the object, before or after the others.
#define CHUNKMILL_ALONE CHUNKMILL_CHECKED(no_thread_safety_analysis)

namespace chunkmill {

class CHUNKMILL_CHECKED(capability("mutex")) Mutex {
 public:
  void lock() CHUNKMILL_CHECKED(acquire_capability()) { mutex_.lock(); }
  void unlock() CHUNKMILL_CHECKED(release_capability()) { mutex_.unlock(); }
  // For lambdas that are called under the lock, which clang cannot see.
  void assert_held() const CHUNKMILL_CHECKED(assert_capability(this)) {}

 private:
  friend class Lock;
  std::mutex mutex_;
};

// Holds a Mutex while it lives, or until unlock().
class CHUNKMILL_CHECKED(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) CHUNKMILL_CHECKED(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~Lock() CHUNKMILL_CHECKED(release_capability()) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  void lock() CHUNKMILL_CHECKED(acquire_capability()) { lock_.lock(); }
  void unlock() CHUNKMILL_CHECKED(release_capability()) { lock_.unlock(); }
  // For condition variables, which let it go while they wait and hold it again afterwards.
  std::unique_lock<std::mutex>& native() { return lock_; }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace chunkmill
