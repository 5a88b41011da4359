// The sockets of open connections, so that another thread can end what they wait for.
//
// Each socket is kept as a descriptor of its own: the client library closes its one when it likes,
// and the number may be another file's by then. Threads: any.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <set>
#include <utility>

#include "chunkmill/mutex.hpp"

namespace chunkmill::mysql {

class Interrupts {
 public:
  // From now on waiting calls fail, and so do new connections.
  void raise() {
    raised_ = true;
    const Lock lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  bool raised() const { return raised_; }

 private:
  friend class LiveSocket;
  void add(int socket) {
    const Lock lock(mutex_);
    sockets_.insert(socket);
    if (raised_) ::shutdown(socket, SHUT_RDWR);
  }
  void remove(int socket) {
    const Lock lock(mutex_);
    sockets_.erase(socket);
  }

  Mutex mutex_;
  std::set<int> sockets_ CHUNKMILL_GUARDED_BY(mutex_);
  std::atomic<bool> raised_ = false;
};

// A connection's socket while it can be interrupted.
class LiveSocket {
 public:
  LiveSocket(std::shared_ptr<Interrupts> interrupts, int socket)
      : interrupts_(std::move(interrupts)), copy_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
    if (copy_ >= 0) interrupts_->add(copy_);
  }
  LiveSocket(const LiveSocket&) = delete;
  LiveSocket& operator=(const LiveSocket&) = delete;
  ~LiveSocket() {
    if (copy_ < 0) return;
    interrupts_->remove(copy_);
    ::close(copy_);
  }

 private:
  std::shared_ptr<Interrupts> interrupts_;  // a sink's connections end after the sink's own part
  int copy_;
};

}  // namespace chunkmill::mysql
