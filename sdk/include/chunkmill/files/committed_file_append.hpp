// How a committed file that is finished grows: the part of CommittedFile that appends. Included by
// committed_file.hpp.
#pragma once

#include "chunkmill/files/committed_file.hpp"

namespace chunkmill::files {

// The finished file stays, and the run's bytes come behind it.
inline std::string CommittedFile::begin_to_append(LedgerState known, const Run& run,
                                                  std::string_view shape) {
  const bool named = is_named(known);
  if (!named && !known.is_of(run))
    refuse_to_append("run " + known.run.run + " of job " + known.run.job +
                     " is not finished and has rows for it; run that to its end first");
  if (!known.shape.empty() && known.shape != shape)
    refuse_to_append(
        "its rows are written in another way than the job writes them now (columns, "
        "header, delimiter, compression)");
  if (named) {
    check_whole({known.offset, known.mark}, known.offset);
    known.base = FileMark{known.offset, known.mark};
    known.keep();
  } else {
    check_whole(*known.base, known.complete ? known.offset : known.base->size);
    // A run that was killed while the file grew lets it grow again.
    truncate_to(open_file(path_, O_WRONLY), path_, known.base->size);
  }
  check_target(IfExists::kReplace);
  std::string note;
  const bool goes_on = !named && trusted(known);
  if (!named && !goes_on)
    note = path_ + ": the machine stopped while rows were added, so that those bytes cannot be " +
           "trusted; they are added anew";
  state_ = std::move(known);
  state_.run = run;
  if (!goes_on) state_.start_over();
  state_.named = false;
  state_.shape = shape;
  const std::string lost = open_partial(goes_on, {});
  return lost.empty() ? note : lost;
}

inline void CommittedFile::refuse_to_append(const std::string& why) const {
  throw Error(CM_INVALID, "rows cannot be added to " + path_ + ": " + why).at(path_);
}

// Throws unless the finished file is as it was left, apart from what a run that was killed at its
// end has added.
inline void CommittedFile::check_whole(const FileMark& base, uint64_t may_have_grown_to) const {
  constexpr const char* kWayOn =
      "; put it back as it was, or write it anew with `chunkmill run JOB --restart`";
  struct stat facts {};
  if (stat(path_.c_str(), &facts) != 0)
    refuse_to_append(std::string("the finished file cannot be found: ") + std::strerror(errno) +
                     kWayOn);
  const auto size = static_cast<uint64_t>(facts.st_size);
  if (!S_ISREG(facts.st_mode) || size < base.size || size > may_have_grown_to)
    refuse_to_append("it has " + std::to_string(size) + " bytes, and had " +
                     std::to_string(base.size) + " when it was finished, so that somebody has " +
                     "changed it since" + kWayOn);
  if (base.hash != 0 && mark_of(path_, base.size) != base.hash)
    refuse_to_append(std::string("it is as large as when it was finished, but somebody has changed "
                                 "its text since") +
                     kWayOn);
}

// The rows that were added, at the end of the finished file. Until the ledger says that it has its
// name, another attempt does the same again.
inline void CommittedFile::grow_the_file() {
  const FileMark base = *state_.base;
  const bool durable = options_.sync != Sync::kNone;
  check_whole(base, state_.complete ? state_.offset : base.size);
  check_partial(state_.offset - base.size);
  truncate_to(partial_, partial_path_, state_.offset - base.size);
  if (durable) sync_data(partial_, partial_path_);
  append_to_ledger(LedgerLine("finish").field(state_.offset).finish(), durable);
  state_.complete = true;
  const OpenFile file = open_file(path_, O_WRONLY);
  try {
    std::string piece(size_t{1} << 20, '\0');
    for (uint64_t at = 0; at < state_.offset - base.size;) {
      const size_t got = read_at(partial_, partial_path_, at, piece.data(), piece.size());
      if (got == 0) throw Error(CM_IO, partial_path_ + " was cut by somebody").at(partial_path_);
      write_at(file, path_, base.size + at, {piece.data(), got});
      at += got;
    }
    if (durable) sync_data(file, path_);
  } catch (const Error&) {
    truncate_to(file, path_, base.size);
    throw;
  }
  remove_file(partial_path_);
  if (durable) sync_folder_of(path_);
}

}  // namespace chunkmill::files
