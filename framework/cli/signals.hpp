// SIGINT and SIGTERM: the first stops the run gracefully, the second ends the process.
#pragma once

#include <atomic>

namespace chunkmill::host::cli {

// From now on a signal sets `*cancelled`, which must live as long as the process handles signals.
void cancel_on_signal(std::atomic<bool>* cancelled);

// The signal that came; 0: none.
int caught_signal();

}  // namespace chunkmill::host::cli
