// What a StateStore is made of. For this room only.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/state/database.hpp"
#include "framework/state/lock_file.hpp"
#include "framework/state/pending.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

// What a transaction outlives from the moment it is committed.
enum class Survives { kKill, kPowerCut };

struct StateStore::Impl {
  Impl(std::filesystem::path file, const Clock& time, StoreSettings wanted)
      : path(std::move(file)), clock(time), settings(wanted) {}

  // The number that the other tables know `run` by.
  Result<int64_t> run_key(std::string_view run) const CHUNKMILL_REQUIRES(file_mutex);
  // Writes what is pending.
  Status flush_locked() CHUNKMILL_REQUIRES(file_mutex);
  // Begins and commits a transaction. What kPowerCut commits is on the platters when commit
  // returns.
  Result<Transaction> begin(Survives wanted) CHUNKMILL_REQUIRES(file_mutex);
  Status commit(Transaction transaction) CHUNKMILL_REQUIRES(file_mutex);
  PendingRun& pending_of(std::vector<PendingRun>& runs, std::string_view run) const;

  const std::filesystem::path path;
  const Clock& clock;
  const StoreSettings settings;
  std::optional<LockFile> lock_file;

  // Threads: file_mutex guards the file, pending_mutex what waits in memory, so that recording a
  // chunk need not wait for the disk. Where both are held, file_mutex was taken first.
  Mutex file_mutex;
  std::unique_ptr<Database> database CHUNKMILL_GUARDED_BY(file_mutex);
  Survives survives CHUNKMILL_GUARDED_BY(file_mutex) =
      Survives::kKill;                                    // of the transaction at hand
  bool settled CHUNKMILL_GUARDED_BY(file_mutex) = false;  // the file itself is on the platters
  Mutex pending_mutex;
  std::vector<PendingRun> pending CHUNKMILL_GUARDED_BY(pending_mutex);  // one run but for replays
  int64_t last_flush_ns CHUNKMILL_GUARDED_BY(pending_mutex) = 0;
};

}  // namespace chunkmill::host
