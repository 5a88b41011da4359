#include "framework/state/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "framework/state/schema.hpp"
#include "framework/state/store_impl.hpp"

namespace chunkmill::host {
namespace {

namespace fs = std::filesystem;

bool is_plain(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
}

// FNV-1a: only keeps two odd names apart.
std::string short_hash(std::string_view text) {
  uint32_t hash = 2166136261U;
  for (const char letter : text) hash = (hash ^ static_cast<uint8_t>(letter)) * 16777619U;
  std::string digits(8, '0');
  for (size_t index = 0; index < digits.size(); ++index) {
    digits[digits.size() - 1 - index] = "0123456789abcdef"[(hash >> (4 * index)) & 0xf];
  }
  return digits;
}

// Rejects hold people's data: the file is its owner's alone. SQLite gives its side files the same
// mode.
Status create_private_file(const fs::path& path) {
  std::error_code error;
  if (!path.parent_path().empty()) fs::create_directories(path.parent_path(), error);
  int reason = error.value();
  if (!error) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
      ::close(descriptor);
      return {};
    }
    reason = errno;
  }
  return {Code::kState,
          "cannot create state file " + path.string() + ": " + std::strerror(reason) +
              "; make its folder writable, or keep the state elsewhere with --state DIR"};
}

// In a folder that cannot be written SQLite cannot make the side files of a WAL database; a file
// that nobody is writing can be read without them.
Result<std::unique_ptr<Database>> open_to_read(const fs::path& path) {
  auto database = Database::open(path, path, SQLITE_OPEN_READONLY);
  if (!database.ok() || (*database)->query_integer("PRAGMA user_version").ok()) return database;
  std::error_code error;
  if (fs::exists(path.string() + "-wal", error)) return database;
  std::string uri = "file:";
  for (const char letter : path.string()) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<uint8_t>(letter);
    if (is_plain(letter) || letter == '/') {
      uri += letter;
    } else {
      uri += {'%', kHex[byte >> 4], kHex[byte & 0xf]};
    }
  }
  return Database::open(path, uri + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

}  // namespace

fs::path state_path(const fs::path& folder, std::string_view job_id) {
  constexpr size_t kLongest = 100;
  std::string name;
  for (const char letter : job_id.substr(0, kLongest)) name += is_plain(letter) ? letter : '_';
  if (name != job_id || name.empty() || name.front() == '.') {
    if (name.empty() || name.front() == '.') name.insert(0, "_");
    name += "-" + short_hash(job_id);
  }
  return folder / (name + ".state.db");
}

Result<std::unique_ptr<StateStore>> StateStore::open(const fs::path& path, OpenMode mode,
                                                     const Clock& clock, StoreSettings settings) {
  auto impl = std::make_unique<Impl>(path, clock, settings);
  std::error_code error;
  const bool exists = fs::exists(path, error);
  const bool may_create = mode == OpenMode::kCreate || mode == OpenMode::kShared;
  if (!exists && !may_create) {
    return Status(Code::kNotFound,
                  "no state file " + path.string() +
                      ": this job has not been run here; was it run with another --state DIR?");
  }
  if (exists && !fs::is_regular_file(path, error)) {
    return Status(Code::kState,
                  "state file " + path.string() +
                      ": is not a regular file; keep the state elsewhere with --state DIR");
  }
  if (mode == OpenMode::kReadOnly) {
    ASSIGN_OR_RETURN(impl->database, open_to_read(path));
  } else {
    if (!exists) RETURN_IF_ERROR(create_private_file(path));
    ASSIGN_OR_RETURN(LockFile lock,
                     LockFile::acquire(path.string() + ".lock", path, mode == OpenMode::kShared));
    impl->lock_file.emplace(std::move(lock));
    ASSIGN_OR_RETURN(impl->database, Database::open(path, path, SQLITE_OPEN_READWRITE));
  }
  if (mode != OpenMode::kReadOnly) {
    // A new file costs no trip to the platters before there is something worth it: see
    // Impl::commit.
    RETURN_IF_ERROR(impl->database->execute("PRAGMA synchronous = OFF"));
    if (!exists) RETURN_IF_ERROR(impl->database->execute("PRAGMA journal_mode = WAL"));
  }
  RETURN_IF_ERROR(prepare_schema(*impl->database, path, may_create));
  if (mode != OpenMode::kReadOnly) {
    RETURN_IF_ERROR(impl->database->execute("PRAGMA journal_mode = WAL"));
    // Not before: SQLite does not wait for another connection where it changes the journal's mode.
    if (mode == OpenMode::kShared && !impl->lock_file->share()) {
      return Status(Code::kState, "state file " + path.string() +
                                      " is in use by another process; wait for it to end, or keep "
                                      "this run's state elsewhere with --state DIR");
    }
  }
  impl->last_flush_ns = clock.steady_ns();
  return std::unique_ptr<StateStore>(new StateStore(std::move(impl)));
}

StateStore::StateStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

StateStore::~StateStore() { (void)flush(); }

const fs::path& StateStore::path() const { return impl_->path; }

Result<int64_t> StateStore::Impl::run_key(std::string_view run) const {
  ASSIGN_OR_RETURN(Statement find, database->prepare("SELECT seq FROM runs WHERE run = ?1"));
  ASSIGN_OR_RETURN(const bool found, find.bind(run).next());
  if (found) return find.integer(0);
  return Status(Code::kNotFound, "no run \"" + std::string(run) + "\" in state file " +
                                     path.string() +
                                     "; `chunkmill runs list` shows those there are");
}

Result<Transaction> StateStore::Impl::begin(Survives wanted) {
  survives = wanted;
  // Takes effect with the next transaction; costs no I/O.
  RETURN_IF_ERROR(database->execute(survives == Survives::kPowerCut
                                        ? "PRAGMA synchronous = FULL"
                                        : "PRAGMA synchronous = NORMAL"));
  return Transaction::begin(*database);
}

Status StateStore::Impl::commit(Transaction transaction) {
  RETURN_IF_ERROR(transaction.commit());
  if (survives == Survives::kKill || settled) return {};
  // The write-ahead log is safe now, but the file it belongs to may be so new that it never was
  // checkpointed.
  RETURN_IF_ERROR(database->execute("PRAGMA wal_checkpoint(PASSIVE)"));
  settled = true;
  return {};
}

Result<std::optional<std::string>> StateStore::cursor(std::string_view name) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Statement find,
                   impl_->database->prepare("SELECT value FROM cursors WHERE name = ?1"));
  ASSIGN_OR_RETURN(const bool found, find.bind(name).next());
  return found ? std::optional<std::string>(find.text(0)) : std::nullopt;
}

Status StateStore::set_cursor(std::string_view name, std::string_view value) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(Statement put,
                   impl_->database->prepare("INSERT OR REPLACE INTO cursors VALUES (?1, ?2)"));
  RETURN_IF_ERROR(put.bind(name, value).run());
  return impl_->commit(std::move(transaction));
}

}  // namespace chunkmill::host
