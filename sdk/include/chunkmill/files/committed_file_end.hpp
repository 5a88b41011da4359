// How a committed file ends: the part of CommittedFile that gives it its name. Included by
// committed_file.hpp.
#pragma once

#include "chunkmill/files/committed_file.hpp"

namespace chunkmill::files {

inline void CommittedFile::finish(const Run& run) {
  const Lock guard(mutex_);
  while (true) {
    OpenFile previous;  // outlives its lock
    if (!ledger_) ledger_ = open_file(ledger_path_, O_RDWR);
    const FileLock lock(ledger_);
    const struct stat facts = facts_of(ledger_, ledger_path_);
    if (facts.st_nlink == 0) {
      previous = std::move(ledger_);
      continue;
    }
    // Another object may have resumed this run; then what it has committed is the file.
    if (static_cast<uint64_t>(facts.st_size) != ledger_size_ || !partial_) {
      state_ = LedgerState();
      ledger_size_ = state_.apply(read_whole(ledger_, ledger_path_));
      if (state_.run.job == run.job && state_.run.run == run.run && !is_named(state_))
        partial_ = open_file(partial_path_, O_RDWR);
    }
    if (!state_.attached || state_.run.job != run.job || state_.run.run != run.run)
      fenced("", "run " + state_.run.run + " of job \"" + state_.run.job + "\" writes it now");
    if (!is_named(state_)) {
      if (state_.base) {
        grow_the_file();
      } else {
        name_the_file();
      }
      state_.mark = mark_of(path_, state_.offset);
    }
    state_.complete = state_.named = state_.durable = true;
    state_.base.reset();
    state_.kept.erase(run.job);
    previous = replace_ledger(options_.sync != Sync::kNone);
    partial_.close();
    return;
  }
}

// Somebody else may have cut, removed or replaced what is being written.
inline void CommittedFile::check_partial(uint64_t committed) const {
  const struct stat facts = facts_of(partial_, partial_path_);
  const bool is_cut = static_cast<uint64_t>(facts.st_size) < committed;
  if (!is_cut && facts.st_nlink > 0) return;
  throw Error(CM_IO, partial_path_ + (is_cut ? " was cut" : " was removed or replaced") +
                         " by somebody while the run wrote it; start the run again, and it is "
                         "written anew")
      .at(path_);
}

inline void CommittedFile::name_the_file() {
  check_partial(state_.offset);
  if (!has_tail(partial_, partial_path_, state_.offset, state_.tail))
    throw Error(CM_IO, partial_path_ +
                           " ends with other bytes than the run has written: somebody has changed "
                           "it; start the run again, and it is written anew")
        .at(path_);
  truncate_to(partial_, partial_path_, state_.offset);
  if (options_.sync != Sync::kNone) sync_data(partial_, partial_path_);
  if (options_.if_exists == IfExists::kError) check_target(options_.if_exists);
  // From here on a file of this size under the final name is known to be this one.
  append_to_ledger(LedgerLine("finish").field(state_.offset).finish(),
                   options_.sync == Sync::kChunk);
  rename_file(partial_path_, path_);
}

}  // namespace chunkmill::files
