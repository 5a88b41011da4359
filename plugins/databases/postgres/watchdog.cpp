#include "plugins/databases/postgres/watchdog.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace chunkmill::postgres {
namespace {

// How often deadlines are looked at: an arm() is then a store to memory, and wakes nobody.
constexpr std::chrono::milliseconds kRound{50};

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Lifeline::Lifeline(Watchdog& watchdog, int socket)
    : watchdog_(watchdog), socket_(fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
  watchdog_.add(this);
}

Lifeline::~Lifeline() {
  watchdog_.remove(this);
  if (socket_ >= 0) close(socket_);
}

void Lifeline::arm(int64_t ms) { deadline_ms_.store(now_ms() + ms, std::memory_order_relaxed); }

void Lifeline::cut() {
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

Watchdog::~Watchdog() {
  {
    const Lock lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::add(Lifeline* line) {
  const Lock lock(mutex_);
  lines_.push_back(line);
  if (interrupted_) line->cut();
  if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
}

void Watchdog::remove(Lifeline* line) {
  const Lock lock(mutex_);
  lines_.erase(std::find(lines_.begin(), lines_.end(), line));
}

void Watchdog::interrupt() {
  const Lock lock(mutex_);
  interrupted_ = true;
  for (Lifeline* line : lines_) line->cut();
}

void Watchdog::watch() {
  Lock lock(mutex_);
  while (!ended_) {
    wake_.wait_for(lock.native(), kRound);
    const int64_t now = now_ms();
    for (Lifeline* line : lines_) {
      const int64_t deadline = line->deadline_ms_.load(std::memory_order_relaxed);
      if (deadline == 0 || now < deadline || line->late_) continue;
      line->late_ = true;
      line->cut();
    }
  }
}

}  // namespace chunkmill::postgres
