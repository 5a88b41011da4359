// chunkmill: the command line. Start here: each verb has a file of its own, NAME_command.cpp.
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>

#include "chunkmill/nearest.hpp"
#include "framework/cli/command.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr const char* kVersion = CHUNKMILL_VERSION;

void print_usage(std::ostream& out) {
  out << "chunkmill " << kVersion << ": moves rows from sources through calculators into sinks\n\n"
      << "usage: chunkmill VERB ...\n\n";
  for (const Verb& verb : verbs()) {
    std::string left = std::string("  ") + verb.name + " " + verb.operands;
    left.resize(std::max<size_t>(left.size() + 2, 34), ' ');
    out << left << verb.summary << "\n";
  }
  out << "\n`chunkmill VERB --help` tells more. Exit codes: docs/exit-codes.md.\n";
}

// The verb that `arguments` begin with, and how many words it took.
const Verb* find_verb(const std::vector<std::string>& arguments, size_t* words) {
  for (const Verb& verb : verbs()) {
    const std::string name = verb.name;
    const size_t space = name.find(' ');
    if (space == std::string::npos) {
      if (arguments[0] != name) continue;
      *words = 1;
      return &verb;
    }
    if (arguments.size() < 2 || arguments[0] != name.substr(0, space) ||
        arguments[1] != name.substr(space + 1))
      continue;
    *words = 2;
    return &verb;
  }
  return nullptr;
}

int unknown_verb(const std::vector<std::string>& arguments) {
  std::string given = arguments[0];
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) {
    const std::string name = verb.name;
    if (name.starts_with(arguments[0] + " ") && arguments.size() > 1)
      given = arguments[0] + " " + arguments[1];
    names.push_back(name);
  }
  const std::string near = nearest(given, names);
  std::cerr << "chunkmill: there is no verb \"" << given << "\""
            << (near.empty() ? "" : "; did you mean \"" + near + "\"?") << "\n\n";
  print_usage(std::cerr);
  return kUsage;
}

int run_main(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    print_usage(std::cerr);
    return kUsage;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_usage(std::cout);
    return kSuccess;
  }
  if (arguments[0] == "--version") {
    std::cout << "chunkmill " << kVersion << " (plugin ABI " << CM_ABI_MAJOR << "." << CM_ABI_MINOR
              << ")\n";
    return kSuccess;
  }
  size_t words = 0;
  const Verb* verb = find_verb(arguments, &words);
  if (verb == nullptr) return unknown_verb(arguments);
  arguments.erase(arguments.begin(), arguments.begin() + static_cast<ptrdiff_t>(words));
  return verb->run(arguments);
}

// Some schedulers start programs with standard streams closed. The next file that is opened, a lock
// or a connection, would get the number of one of them, and with it all messages.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is `stream`, as those below it are open.
    if (open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY) != stream)
      _exit(kStateBroken);
  }
}

}  // namespace
}  // namespace chunkmill::host::cli

int main(int argc, char** argv) {
  chunkmill::host::cli::open_standard_streams();
  // Whoever reads the messages may leave early; a run goes on all the same.
  std::signal(SIGPIPE, SIG_IGN);
  // Batch buffers of some hundred KiB come and go with every chunk. Given back to the kernel each
  // time they would be zeroed and faulted in anew: measured 3 to 6 times the cost of filling them.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  try {
    return chunkmill::host::cli::run_main(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::bad_alloc&) {
    std::cerr << "chunkmill: error: out of memory; lower `memory:`, `workers:` or `chunk:` in the "
                 "job file\n";
  } catch (const std::exception& fault) {
    std::cerr << "chunkmill: internal error: " << fault.what() << "\n";
  }
  return chunkmill::host::cli::kBroken;
}
