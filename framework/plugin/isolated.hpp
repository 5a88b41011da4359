// Runs a piece of code in a child process with a time limit, so that nothing it does can end or
// hang this one.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace chunkmill::host {

// What became of it. `output` is what the body wrote before it ended, however it ended.
struct IsolatedOutcome {
  std::string output;
  // Empty when the body came back; else how it did not: "crashed with signal 11 (Segmentation
  // fault); it printed: ...".
  std::string fault;
};

using IsolatedWrite = std::function<void(std::string_view)>;

// Forks; the child calls `body` and ends without running anybody's exit handlers. In the child
// standard input and output lead nowhere and standard error goes to the end of `fault`. When the
// limit is over the child and all it started are killed. Threads: the child has only the calling
// one, so call it where no other thread may hold a lock that `body` needs (the allocator's and the
// loader's are safe).
IsolatedOutcome run_isolated(std::chrono::milliseconds limit,
                             const std::function<void(const IsolatedWrite&)>& body);

}  // namespace chunkmill::host
