// A file that is written chunk by chunk, exactly once. While a run is under way its bytes are in
// PATH.chunkmill-partial, and PATH.chunkmill-ledger says up to which offset they count and how far
// each split is; what lies behind that offset is forgotten when a run resumes. At the end the file
// gets its name, and of the ledger only the lines that say so are left.
//
// A run that appends (a replay, the next run of an incremental source) adds to the finished file:
// its own bytes are in the partial file, and at the end the file grows by them, once. The ledger
// keeps the runs whose rows were there before. A file that somebody has changed, cut or removed
// since it was finished is refused.
//
// Killed at any moment, it resumes from the last chunk committed: bytes come before their line in
// the ledger, and both survive the process. A machine that stops may keep the line and lose the
// bytes; so either every commit waits for the disk (Sync::kChunk), or what another boot of the
// machine has left without a durable mark is not trusted, and the file begins anew.
//
// The run that attached last owns the file. Others find the ledger changed, under its lock, and
// get CM_FENCED. Threads: any; one mutex guards all of it.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "chunkmill/fence.hpp"
#include "chunkmill/files/chunk_bytes.hpp"
#include "chunkmill/files/file.hpp"
#include "chunkmill/files/file_mark.hpp"
#include "chunkmill/files/ledger.hpp"
#include "chunkmill/mutex.hpp"

namespace chunkmill::files {

enum class Sync {
  kChunk,  // a committed chunk survives a power cut
  kEnd,    // the finished file does; after a power cut half-way it is written anew
  kNone    // the system writes when it likes
};
enum class IfExists { kReplace, kError };

class CommittedFile {
 public:
  struct Options {
    std::string path;
    Sync sync = Sync::kEnd;
    IfExists if_exists = IfExists::kReplace;
    std::string boot = machine_boot();
  };

  explicit CommittedFile(Options options)
      : options_(std::move(options)),
        path_(options_.path),
        partial_path_(path_ + ".chunkmill-partial"),
        ledger_path_(path_ + ".chunkmill-ledger") {}
  // Leaves what is committed durable, so that the run can resume after a restart of the machine.
  ~CommittedFile() CHUNKMILL_ALONE;
  CommittedFile(const CommittedFile&) = delete;
  CommittedFile& operator=(const CommittedFile&) = delete;

  // Where the file will be.
  std::string folder() const { return folder_of(path_); }
  // Throws unless the file can be made, as far as that can be known. Changes nothing.
  void check() const;
  // The run of `job` that the ledger knows; a finished one only while its file is there, whole.
  std::optional<LedgerRun> known_run(std::string_view job) const;
  // Whether two jobs are different shards of one.
  static bool is_another_shard(std::string_view a, std::string_view b);
  // Makes ready for `run`. A new file begins with `head`; `shape` says how its rows are written,
  // and rows of another shape are not appended. Returns what is worth telling a person, or nothing.
  std::string attach(const Run& run, std::string_view head, std::string_view shape = {});
  // How far `split` is; from now on it belongs to the attached run's epoch.
  std::optional<SplitState> committed(std::string_view split);
  // The sums over all splits of the run that was attached last, here or by an earlier process; zero
  // where `run` is another one.
  Tally tally(std::string_view run);
  // False: the chunk is committed already.
  bool begin(const ChunkPlace& chunk);
  // Appends `bytes` and moves the ledger past the chunk.
  void commit(const ChunkPlace& chunk, const ChunkBytes& bytes, const Counts& counts);
  // Gives the file its name, or makes the finished file grow. Repeatable.
  void finish(const Run& run);

 private:
  bool trusted(const LedgerState& state) const {
    return options_.sync == Sync::kNone || state.durable || state.boot == options_.boot;
  }
  bool has_size(const std::string& path, uint64_t size) const {
    struct stat facts {};
    return stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) &&
           static_cast<uint64_t>(facts.st_size) == size;
  }
  bool exists(const std::string& path) const {
    struct stat facts {};
    return lstat(path.c_str(), &facts) == 0;
  }
  // The whole file has its name, though the ledger may not have got to saying so.
  bool is_named(const LedgerState& state) const {
    return state.named ||
           (state.complete && !exists(partial_path_) && has_size(path_, state.offset));
  }
  // The named file is as it was left.
  bool is_whole(const LedgerState& state) const {
    return has_size(path_, state.offset) &&
           (state.mark == 0 || mark_of(path_, state.offset) == state.mark);
  }
  void check_target(IfExists if_exists) const;
  void check_whole(const FileMark& base, uint64_t may_have_grown_to) const;
  [[noreturn]] void refuse_to_append(const std::string& why) const;
  [[noreturn]] void fenced(std::string_view split, const std::string& why) const;
  SplitPlace place_of(const ChunkPlace& chunk) const CHUNKMILL_REQUIRES(mutex_);
  SplitState& owned_split(const ChunkPlace& chunk) CHUNKMILL_REQUIRES(mutex_);
  bool ledger_is_ours() const CHUNKMILL_REQUIRES(mutex_);
  LedgerState read_state() const;
  OpenFile replace_ledger(bool durable) CHUNKMILL_REQUIRES(mutex_);
  void append_to_ledger(std::string_view line, bool durable) CHUNKMILL_REQUIRES(mutex_);
  std::string begin_file(LedgerState known, const Run& run, std::string_view head,
                         std::string_view shape) CHUNKMILL_REQUIRES(mutex_);
  std::string begin_to_append(LedgerState known, const Run& run, std::string_view shape)
      CHUNKMILL_REQUIRES(mutex_);
  std::string open_partial(bool goes_on, std::string_view head) CHUNKMILL_REQUIRES(mutex_);
  void check_partial(uint64_t committed) const CHUNKMILL_REQUIRES(mutex_);
  void name_the_file() CHUNKMILL_REQUIRES(mutex_);
  void grow_the_file() CHUNKMILL_REQUIRES(mutex_);

  const Options options_;
  const std::string path_;
  const std::string partial_path_;
  const std::string ledger_path_;

  Mutex mutex_;
  OpenFile partial_ CHUNKMILL_GUARDED_BY(mutex_);
  OpenFile ledger_ CHUNKMILL_GUARDED_BY(mutex_);
  uint64_t ledger_size_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  LedgerState state_ CHUNKMILL_GUARDED_BY(mutex_);
  // The system was not yet asked to write what is behind this.
  uint64_t writing_from_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
};

inline CommittedFile::~CommittedFile() {
  if (!partial_ || state_.durable || state_.named || options_.sync == Sync::kNone) return;
  try {
    const FileLock lock(ledger_);
    if (!ledger_is_ours()) return;
    sync_data(partial_, partial_path_);
    append_to_ledger(LedgerLine("durable").finish(), true);
  } catch (const std::exception&) {
    // Then it is not durable, and after a restart of the machine it is not trusted.
  }
}

inline void CommittedFile::check_target(IfExists if_exists) const {
  struct stat facts {};
  if (stat(path_.c_str(), &facts) == 0) {
    if (S_ISDIR(facts.st_mode))
      throw Error(CM_INVALID, path_ + " is a folder; name a file in it").at("path");
    if (!S_ISREG(facts.st_mode))
      throw Error(CM_INVALID, path_ + " is not a regular file; only those can be written exactly " +
                                  "once, and given their name at the end")
          .at("path");
    if (if_exists == IfExists::kError)
      throw Error(CM_INVALID, path_ + " exists already; move it away, or set if_exists: replace")
          .at("path");
  }
  const std::string folder = folder_of(path_);
  if (stat(folder.c_str(), &facts) != 0)
    throw Error(errno == ENOENT ? CM_NOT_FOUND : CM_IO,
                "the folder " + folder + " for " + path_ +
                    " cannot be used: " + std::strerror(errno) +
                    (errno == ENOENT ? "; create it: mkdir -p " + folder : ""))
        .at(path_)
        .vendor(errno);
  if (!S_ISDIR(facts.st_mode))
    throw Error(CM_INVALID, folder + " is not a folder, so that " + path_ + " cannot be made")
        .at("path");
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw file_error(folder, "does not let " + path_ + " be made in it", errno);
}

inline void CommittedFile::check() const {
  // A file that a run has finished may be the one that this run adds to; attach() knows.
  LedgerState state;
  if (const OpenFile ledger = open_if_there(ledger_path_, O_RDONLY); ledger)
    state.apply(read_whole(ledger, ledger_path_));
  const bool ours = state.attached && (is_named(state) || state.base);
  check_target(ours ? IfExists::kReplace : options_.if_exists);
}

// The host files a shard under "JOB/shard-I-of-N".
inline bool CommittedFile::is_another_shard(std::string_view a, std::string_view b) {
  constexpr std::string_view kShard = "/shard-";
  const auto parts = [&](std::string_view job) {
    const size_t begin = job.find(kShard);
    if (begin == std::string_view::npos) return std::pair(job, std::string_view());
    const size_t end = job.find('/', begin + kShard.size());
    return std::pair(job.substr(0, begin), job.substr(begin, end - begin));
  };
  return parts(a).first == parts(b).first && parts(a).second != parts(b).second;
}

// What the ledger on the disk says; nothing attached where there is none.
inline LedgerState CommittedFile::read_state() const {
  LedgerState state;
  if (const OpenFile file = open_if_there(ledger_path_, O_RDONLY))
    state.apply(read_whole(file, ledger_path_));
  return state;
}

inline std::optional<LedgerRun> CommittedFile::known_run(std::string_view job) const {
  const LedgerState state = read_state();
  if (!state.attached) return std::nullopt;
  const bool named = is_named(state);
  if (named && !is_whole(state)) return std::nullopt;
  if (state.run.job == job) return LedgerRun{state.run.run, state.run.fingerprint, named};
  const auto had = state.kept.find(job);
  if (had == state.kept.end() || !exists(path_)) return std::nullopt;
  return LedgerRun{had->second.run.run, had->second.run.fingerprint, true};
}

// Nobody has replaced the ledger, or written to it, since we did. Under its lock.
inline bool CommittedFile::ledger_is_ours() const {
  const struct stat facts = facts_of(ledger_, ledger_path_);
  return facts.st_nlink > 0 && static_cast<uint64_t>(facts.st_size) == ledger_size_;
}

inline std::string CommittedFile::attach(const Run& run, std::string_view head,
                                         std::string_view shape) {
  const Lock guard(mutex_);
  partial_.close();
  while (true) {
    OpenFile previous;  // outlives its lock
    ledger_ = open_file(ledger_path_, O_RDWR | O_CREAT);
    const FileLock lock(ledger_);
    // Whoever had the lock before us may have put another file in its place.
    if (facts_of(ledger_, ledger_path_).st_nlink == 0) continue;

    LedgerState known;
    known.apply(read_whole(ledger_, ledger_path_));
    if (known.attached && is_another_shard(known.run.job, run.job))
      throw Error(CM_INVALID, path_ +
                                  " holds the rows of another shard of this job; give each shard a "
                                  "file of its own, with a variable in `path`")
          .at(path_);
    const bool same_run = known.is_of(run);
    if (same_run && known.run.epoch > run.epoch)
      fenced("", "epoch " + std::to_string(known.run.epoch) + " has it, this is epoch " +
                     std::to_string(run.epoch));
    if (run.appends && !known.attached && exists(path_))
      refuse_to_append("its ledger " + ledger_path_ +
                       " is not there, so that nothing says which rows the file holds");
    const bool appends = known.base
                             ? run.appends || same_run
                             : run.appends && known.attached && (is_named(known) || !same_run);
    std::string note = appends ? begin_to_append(std::move(known), run, shape)
                               : begin_file(std::move(known), run, head, shape);
    state_.run = run;
    state_.boot = options_.boot;
    state_.attached = true;
    previous = replace_ledger(options_.sync == Sync::kChunk);
    return note;
  }
}

// A file of the run's own, which takes the place of what is there.
inline std::string CommittedFile::begin_file(LedgerState known, const Run& run,
                                             std::string_view head, std::string_view shape) {
  const bool same_run = known.is_of(run);
  const bool named = same_run && is_named(known) && is_whole(known);
  // Where no chunk is committed, to begin anew is to resume.
  const bool goes_on =
      named || (same_run && !known.named && !known.splits.empty() && trusted(known));
  std::string note;
  if (same_run && !known.named && !trusted(known))
    note = path_ + ": the machine stopped while it was written, so that its bytes cannot be " +
           "trusted; it is written anew";
  if (!named) check_target(options_.if_exists);
  state_ = goes_on ? std::move(known) : LedgerState();
  if (!goes_on) state_.shape = shape;
  if (!named) {
    const std::string lost = open_partial(goes_on, head);
    if (!lost.empty()) note = lost;
  }
  state_.named = named;
  return note;
}

// Opens the partial file and cuts off what is not committed; where that is not there whole, it
// begins anew and says why.
inline std::string CommittedFile::open_partial(bool goes_on, std::string_view head) {
  std::string note;
  partial_ = open_file(partial_path_, O_RDWR | O_CREAT);
  const auto size = static_cast<uint64_t>(facts_of(partial_, partial_path_).st_size);
  const uint64_t committed = state_.offset - state_.base_size();
  if (goes_on && size < committed) {
    note = partial_path_ + " holds " + std::to_string(size) + " of the " +
           std::to_string(committed) + " bytes that were committed; it is written anew";
  } else if (goes_on && !has_tail(partial_, partial_path_, committed, state_.tail)) {
    note = partial_path_ +
           " holds other bytes than those that were committed, so that somebody has changed it; "
           "it is written anew";
  }
  if (!note.empty()) {
    state_.start_over();
    goes_on = false;
  }
  if (!goes_on) {
    truncate_to(partial_, partial_path_, 0);
    write_at(partial_, partial_path_, 0, head);
    state_.offset = state_.base_size() + head.size();
  }
  truncate_to(partial_, partial_path_, state_.offset - state_.base_size());
  if (options_.sync == Sync::kChunk) sync_data(partial_, partial_path_);
  state_.complete = false;
  state_.durable = options_.sync == Sync::kChunk || (goes_on && state_.durable);
  writing_from_ = state_.offset - state_.base_size();
  return note;
}

// Puts `state_` in the ledger's place as a whole, in as few lines as it needs. Under the lock of
// the one that it replaces and returns.
inline OpenFile CommittedFile::replace_ledger(bool durable) {
  const std::string fresh_path = ledger_path_ + "-new";
  OpenFile fresh = open_file(fresh_path, O_RDWR | O_CREAT | O_TRUNC);
  const std::string lines = state_.lines();
  write_at(fresh, fresh_path, 0, lines);
  if (durable) sync_data(fresh, fresh_path);
  rename_file(fresh_path, ledger_path_);
  if (durable) sync_folder_of(path_);
  ledger_size_ = lines.size();
  return std::exchange(ledger_, std::move(fresh));
}

// Appends a line; when that fails the ledger is as it was.
inline void CommittedFile::append_to_ledger(std::string_view line, bool durable) {
  try {
    write_at(ledger_, ledger_path_, ledger_size_, line);
    if (durable) sync_data(ledger_, ledger_path_);
  } catch (const Error&) {
    truncate_to(ledger_, ledger_path_, ledger_size_);
    throw;
  }
  ledger_size_ += line.size();
}

inline void CommittedFile::fenced(std::string_view split, const std::string& why) const {
  throw Error(CM_FENCED, path_ + (split.empty() ? "" : ", split \"" + std::string(split) + "\"") +
                             " is not ours any more: " + why)
      .at(path_);
}

inline std::optional<SplitState> CommittedFile::committed(std::string_view split) {
  const Lock guard(mutex_);
  const auto found = state_.splits.find(split);
  if (found == state_.splits.end()) return std::nullopt;
  if (found->second.epoch > state_.run.epoch)
    fenced(split, "it belongs to epoch " + std::to_string(found->second.epoch) +
                      ", this is epoch " + std::to_string(state_.run.epoch));
  found->second.epoch = state_.run.epoch;
  if (found->second.next_chunk == 0) return std::nullopt;
  return found->second;
}

inline Tally CommittedFile::tally(std::string_view run) {
  const Lock guard(mutex_);
  Tally out;
  LedgerState there;
  const bool is_ours = state_.attached && state_.run.run == run;
  if (!is_ours) there = read_state();
  const LedgerState& known = is_ours ? state_ : there;
  if (known.run.run != run) return out;
  for (const auto& [split, state] : known.splits) {
    if (state.next_chunk == 0) continue;
    ++out.splits;
    out.counts += state.counts;
  }
  return out;
}

// A split that nobody has begun stands at its begin, under the epoch of whoever asks.
inline SplitPlace CommittedFile::place_of(const ChunkPlace& chunk) const {
  const auto found = state_.splits.find(chunk.split);
  if (found == state_.splits.end()) return {state_.run.run, chunk.epoch, 0, {}};
  const SplitState& split = found->second;
  return {state_.run.run, split.epoch, split.next_chunk, split.position};
}

// The state of the chunk's split, which stands at the chunk's begin.
inline SplitState& CommittedFile::owned_split(const ChunkPlace& chunk) {
  const SplitPlace at = place_of(chunk);
  const Verdict verdict = judge(at, chunk);
  if (verdict != Verdict::kNext) fenced(chunk.split, fenced_because(verdict, at, chunk));
  const auto [found, is_new] = state_.splits.try_emplace(chunk.split);
  if (is_new) found->second.epoch = chunk.epoch;
  return found->second;
}

inline bool CommittedFile::begin(const ChunkPlace& chunk) {
  const Lock guard(mutex_);
  if (judge(place_of(chunk), chunk) == Verdict::kCommitted) return false;
  if (state_.named) fenced(chunk.split, "it is finished");
  owned_split(chunk);
  return true;
}

inline void CommittedFile::commit(const ChunkPlace& chunk, const ChunkBytes& bytes,
                                  const Counts& counts) {
  const Lock guard(mutex_);
  SplitState& state = owned_split(chunk);
  const FileLock lock(ledger_);
  if (!ledger_is_ours())
    fenced(chunk.split, "another run, or another sink of this job, writes the same file");

  // A chunk that fails below leaves bytes behind the offset, where the next one writes over them.
  const uint64_t from = state_.offset - state_.base_size();
  check_partial(from);
  uint64_t to = from;
  Tail tail;
  bytes.each_piece([&](std::string_view piece) {
    mutex_.assert_held();
    write_at(partial_, partial_path_, to, piece);
    tail.add(piece);
    to += piece.size();
  });
  const bool durable = options_.sync == Sync::kChunk;
  if (durable) sync_data(partial_, partial_path_);
  SplitState next = state;
  next.position = chunk.end;
  ++next.next_chunk;
  next.done = chunk.last;
  next.counts += counts;
  const uint64_t offset = state_.offset + bytes.size();
  std::string line = LedgerState::chunk_line(offset, chunk.split, next);
  const FileMark mark = bytes.size() == 0 ? state_.tail : tail.mark();
  if (mark.size != 0) line += LedgerState::tail_line(mark);
  if (durable) line += LedgerLine("durable").finish();
  append_to_ledger(line, durable);
  state = std::move(next);
  state_.offset = offset;
  state_.tail = mark;
  state_.durable = durable;

  // The disk gets to work early, so that the sync at the end is short.
  constexpr uint64_t kStep = uint64_t{8} << 20;
  if (options_.sync == Sync::kEnd && to - writing_from_ >= kStep) {
    sync_file_range(partial_.fd(), static_cast<off_t>(writing_from_),
                    static_cast<off_t>(to - writing_from_), SYNC_FILE_RANGE_WRITE);
    writing_from_ = to;
  }
}

}  // namespace chunkmill::files

#include "chunkmill/files/committed_file_append.hpp"
#include "chunkmill/files/committed_file_end.hpp"
