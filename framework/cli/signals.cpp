#include "framework/cli/signals.hpp"

#include <unistd.h>

#include <csignal>

namespace chunkmill::host::cli {
namespace {

// Threads: written by the signal handler, read by all. Lock-free, as a handler needs.
std::atomic<std::atomic<bool>*> target{nullptr};
std::atomic<int> signal_number{0};

extern "C" void on_signal(int number) {
  if (signal_number.exchange(number) != 0) _exit(128 + number);
  if (std::atomic<bool>* cancelled = target.load()) cancelled->store(true);
}

}  // namespace

void cancel_on_signal(std::atomic<bool>* cancelled) {
  target = cancelled;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int caught_signal() { return signal_number.load(); }

}  // namespace chunkmill::host::cli
