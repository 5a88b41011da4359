#include "framework/plugin/isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

namespace chunkmill::host {
namespace {

// Ends that only run_isolated's own child has: the body came back, or threw.
constexpr int kCameBack = 0;
constexpr size_t kMaxPrinted = 500;
constexpr size_t kMaxOutput = size_t{16} << 20;
constexpr char kDone = '\x04';  // the last byte of a complete output

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

// Up to `limit` bytes of a memory file, from its start.
std::string content_of(int descriptor, size_t limit) {
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return {};
  std::string text(std::min(limit, static_cast<size_t>(facts.st_size)), '\0');
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t got =
        pread(descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  text.resize(done);
  return text;
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    text.remove_prefix(static_cast<size_t>(put));
  }
}

[[noreturn]] void be_the_child(int output, int errors,
                               const std::function<void(const IsolatedWrite&)>& body) {
  // Its own group, so that what a plugin starts can be killed with it; and it goes when the host
  // goes.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // The host's own handlers would speak for the host.
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) signal(number, SIG_DFL);
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  try {
    body([output](std::string_view text) { write_all(output, text); });
    write_all(output, std::string_view(&kDone, 1));
  } catch (const std::exception& thrown) {
    write_all(errors, std::string("threw: ") + thrown.what());
  } catch (...) {
    write_all(errors, "threw something that is no std::exception");
  }
  _exit(kCameBack);
}

// False when the limit was over before the child.
bool ended_within(pid_t child, std::chrono::milliseconds limit) {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (process.get() < 0) {
      // A kernel before 5.3: look again and again.
      siginfo_t info{};
      if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          info.si_pid == child) {
        return true;
      }
      if (left.count() <= 0) return false;
      poll(nullptr, 0, 1);
      continue;
    }
    pollfd watched{process.get(), POLLIN, 0};
    const int ready = poll(&watched, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return false;
  }
}

std::string printed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (text.empty()) return {};
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20; }, ' ');
  return "; it printed: " + text;
}

std::string fault_of(int status, bool in_time, bool complete, std::chrono::milliseconds limit) {
  if (!in_time) return "did not come back within " + std::to_string(limit.count()) + " ms";
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return "crashed with signal " + std::to_string(number) + " (" + strsignal(number) + ")";
  }
  if (!complete) {
    return "ended the process with exit code " + std::to_string(WEXITSTATUS(status));
  }
  return {};
}

}  // namespace

IsolatedOutcome run_isolated(std::chrono::milliseconds limit,
                             const std::function<void(const IsolatedWrite&)>& body) {
  const Descriptor output(memfd_create("chunkmill-output", MFD_CLOEXEC));
  const Descriptor errors(memfd_create("chunkmill-errors", MFD_CLOEXEC));
  if (output.get() < 0 || errors.get() < 0) {
    return {{}, std::string("could not be tried: ") + std::strerror(errno)};
  }
  // Or the child would print what is still in the buffers a second time.
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return {{}, std::string("could not be tried: fork: ") + std::strerror(errno)};
  if (child == 0) be_the_child(output.get(), errors.get(), body);

  const bool in_time = ended_within(child, limit);
  // The child may not have come as far as its own setpgid, hence both; what it left running goes
  // too.
  if (!in_time) kill(child, SIGKILL);
  kill(-child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  IsolatedOutcome outcome{content_of(output.get(), kMaxOutput), {}};
  const bool complete = !outcome.output.empty() && outcome.output.back() == kDone;
  if (complete) outcome.output.pop_back();
  outcome.fault = fault_of(status, in_time, complete, limit);
  if (!outcome.fault.empty()) outcome.fault += printed(content_of(errors.get(), kMaxPrinted));
  return outcome;
}

}  // namespace chunkmill::host
