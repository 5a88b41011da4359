// Failpoints: named places where a test can send the process a signal.
// CHUNKMILL_FAILPOINT="chunk.commit:3" dies at the third passage of "chunk.commit", as kill -9 does;
// "chunk.commit:3:STOP" freezes it there until somebody sends CONT, "chunk.commit:3:TERM" is told to
// stop. Costs one load of a cached flag where none is set.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace chunkmill::host {

namespace detail {
struct Failpoint {
  std::string name;
  int signal = SIGKILL;
  std::atomic<int64_t> left{0};  // Threads: counted down by every worker
  Failpoint() {
    const char* text = std::getenv("CHUNKMILL_FAILPOINT");
    if (text == nullptr) return;
    std::string_view view(text);
    if (view.ends_with(":STOP")) signal = SIGSTOP;
    if (view.ends_with(":TERM")) signal = SIGTERM;
    if (signal != SIGKILL) view.remove_suffix(5);
    const size_t colon = view.rfind(':');
    name = view.substr(0, colon);
    left = colon == std::string_view::npos ? 1 : std::atoll(text + colon + 1);
  }
};
inline Failpoint& armed_failpoint() {
  static Failpoint failpoint;
  return failpoint;
}
}  // namespace detail

// Sends itself the signal here when the environment says so.
inline void failpoint(std::string_view name) {
  detail::Failpoint& armed = detail::armed_failpoint();
  if (armed.name.empty() || armed.name != name) return;
  if (armed.left.fetch_sub(1) == 1) std::raise(armed.signal);
}

}  // namespace chunkmill::host
