// What a StateStore is made of. For this room only.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

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

  // The number that the other tables know `run` by. Needs file_mutex.
  Result<int64_t> run_key(std::string_view run) const;
  // Writes what is pending. Needs file_mutex.
  Status flush_locked();
  // Begins and commits a transaction. What kPowerCut commits is on the platters when commit
  // returns. Need file_mutex.
  Result<Transaction> begin(Survives wanted);
  Status commit(Transaction transaction);
  PendingRun& pending_of(std::vector<PendingRun>& runs, std::string_view run) const;

  const std::filesystem::path path;
  const Clock& clock;
  const StoreSettings settings;
  std::optional<LockFile> lock_file;

  // Threads: file_mutex guards the file, pending_mutex what waits in memory, so that recording a
  // chunk need not wait for the disk. Where both are held, file_mutex was taken first.
  std::mutex file_mutex;
  std::unique_ptr<Database> database;   // guarded by file_mutex
  Survives survives = Survives::kKill;  // guarded by file_mutex; of the transaction at hand
  bool settled = false;                 // guarded by file_mutex; the file itself is on the platters
  std::mutex pending_mutex;
  std::vector<PendingRun> pending;  // guarded by pending_mutex; one run but for replays
  int64_t last_flush_ns = 0;        // guarded by pending_mutex
};

}  // namespace chunkmill::host
