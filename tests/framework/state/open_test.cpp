#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "store_fixture.hpp"

namespace chunkmill::host {
namespace {

using Catch::Matchers::Contains;

void run_sql(const std::filesystem::path& file, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("state: a job's name becomes a file name that no other job has", "[state]") {
  CHECK(state_path("s", "supplier-emissions") == "s/supplier-emissions.state.db");
  CHECK(state_path("s", "a/b").parent_path() == "s");
  CHECK(state_path("s", "a/b") != state_path("s", "a_b"));
  CHECK(state_path("s", "a/b") != state_path("s", "a:b"));
  CHECK(state_path("s", "..").parent_path() == "s");
  CHECK(state_path("s", "").filename() != ".state.db");
  CHECK(state_path("s", std::string(5000, 'x')).filename().string().size() < 200);
}

TEST_CASE_METHOD(StoreFixture, "state: the folder is made and the file is its owner's alone",
                 "[state]") {
  file = folder / "deep/er/job.state.db";

  auto store = open();

  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE_METHOD(StoreFixture, "state: a second host is told the process id of the first",
                 "[state]") {
  auto first = open();

  auto second = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(second.ok());
  CHECK(second.status().code() == Code::kState);
  CHECK_THAT(second.status().message(), Contains("process " + std::to_string(::getpid())));
  CHECK_THAT(second.status().message(), Contains(file.string()));
  CHECK_THAT(second.status().message(), Contains("--state DIR"));
}

TEST_CASE_METHOD(StoreFixture, "state: the lock ends with its owner", "[state]") {
  open();

  CHECK(StateStore::open(file, OpenMode::kCreate, clock).ok());
}

TEST_CASE_METHOD(StoreFixture, "state: a reader works beside a running host", "[state]") {
  auto host = open_with_run();
  REQUIRE(host->record_chunk(chunk_of("a", 0, 10)).ok());
  REQUIRE(host->flush().ok());

  auto reader = open(OpenMode::kReadOnly);

  auto run = reader->latest_run();
  REQUIRE(run.ok());
  REQUIRE(run->has_value());
  CHECK((*run)->run == "r1");
  CHECK((*reader->splits("r1")).size() == 1);
}

TEST_CASE_METHOD(StoreFixture, "state: a reader cannot write", "[state]") {
  open_with_run();
  auto reader = open(OpenMode::kReadOnly);

  const Status status = reader->begin_run(run_named("r2"));

  CHECK(status.code() == Code::kState);
}

TEST_CASE_METHOD(StoreFixture, "state: a file that is not there is only made for a run",
                 "[state]") {
  for (const OpenMode mode : {OpenMode::kExisting, OpenMode::kReadOnly}) {
    auto store = StateStore::open(file, mode, clock);
    REQUIRE_FALSE(store.ok());
    CHECK(store.status().code() == Code::kNotFound);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}

TEST_CASE_METHOD(StoreFixture, "state: a file that is no database is refused and left alone",
                 "[state]") {
  const std::string text(5000, 'x');
  write_file(text);

  auto store = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(store.ok());
  CHECK(store.status().code() == Code::kState);
  CHECK_THAT(store.status().message(), Contains("is not a state file of chunkmill"));
  CHECK(std::filesystem::file_size(file) == text.size());
}

TEST_CASE_METHOD(StoreFixture, "state: another program's SQLite file is refused", "[state]") {
  run_sql(file, "CREATE TABLE bookmarks (url TEXT)");

  auto store = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(store.ok());
  CHECK(store.status().code() == Code::kState);
  CHECK_THAT(store.status().message(), Contains("another program"));
}

TEST_CASE_METHOD(StoreFixture, "state: a file of a newer chunkmill is refused with both versions",
                 "[state]") {
  open();
  run_sql(file, "PRAGMA user_version = 7");

  auto store = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(store.ok());
  CHECK_THAT(store.status().message(), Contains("version 7") && Contains("version 4"));
}

TEST_CASE_METHOD(StoreFixture, "state: a file of version 3 is carried over with its rejects",
                 "[state]") {
  {
    auto store = open_with_run();
    const Reject reject = reject_of(0, "bad_number");
    REQUIRE(store->store_rejects("r1", "a", 0, {&reject, 1}).ok());
  }
  run_sql(file, R"sql(
      CREATE TABLE old (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL,
        split TEXT NOT NULL, chunk INTEGER NOT NULL, ordinal INTEGER NOT NULL, place TEXT NOT NULL,
        line INTEGER NOT NULL, stage TEXT NOT NULL, plugin TEXT NOT NULL,
        plugin_version TEXT NOT NULL, class TEXT NOT NULL, code TEXT NOT NULL,
        column_name TEXT NOT NULL, message TEXT NOT NULL, attempt INTEGER NOT NULL,
        raw TEXT NOT NULL, fields TEXT NOT NULL, parent INTEGER NOT NULL, state TEXT NOT NULL,
        replay_run TEXT NOT NULL, created_ms INTEGER NOT NULL);
      INSERT INTO old SELECT id, run, split, chunk, ordinal, place, line, stage, plugin,
        plugin_version, 'row data', code, column_name, message, attempt, raw, fields, parent, state,
        replay_run, created_ms FROM rejects;
      DROP TABLE rejects;
      ALTER TABLE old RENAME TO rejects;
      PRAGMA user_version = 3)sql");

  auto store = open(OpenMode::kExisting);

  const auto found = store->find_rejects({});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 1);
  CHECK(found->front().code == "bad_number");
  const Reject another = reject_of(1, "bad_date");
  REQUIRE(store->store_rejects("r1", "a", 1, {&another, 1}).ok());
  CHECK(store->find_rejects({})->back().code == "bad_date");
}

TEST_CASE_METHOD(StoreFixture, "state: a damaged file gives a message, whatever is damaged",
                 "[state]") {
  {
    auto store = open_with_run();
    for (uint64_t chunk = 0; chunk < 200; ++chunk) {
      REQUIRE(store->record_chunk(chunk_of("split-" + std::to_string(chunk), 0, 10)).ok());
      const Reject reject = reject_of(0, "bad_number");
      REQUIRE(store->store_rejects("r1", "a", chunk, {&reject, 1}).ok());
    }
  }
  std::ifstream in(file, std::ios::binary);
  const std::string healthy((std::istreambuf_iterator<char>(in)), {});
  const size_t page = 4096;
  REQUIRE(healthy.size() > 8 * page);

  int refused = 0;
  for (size_t at = 0; at < healthy.size(); at += page) {
    std::string damaged = healthy;
    for (size_t offset = at; offset < at + 100; ++offset) damaged[offset] = static_cast<char>(0xA5);
    write_file(damaged);

    auto store = StateStore::open(file, OpenMode::kCreate, clock);

    const auto check = [&](const Status& status) {
      if (status.ok()) return;
      ++refused;
      CHECK_THAT(status.message(), Contains(file.string()));
    };
    if (!store.ok()) {
      check(store.status());
      continue;
    }
    check((*store)->latest_run().status());
    check((*store)->splits("r1").status());
    check((*store)->find_rejects({}).status());
    check((*store)->record_chunk(chunk_of("split-1", 1, 10)));
    check((*store)->flush());
  }
  CHECK(refused > 0);
}

TEST_CASE_METHOD(StoreFixture,
                 "state: a folder that cannot be written gives a message with the way out",
                 "[state]") {
  file = "/proc/chunkmill/job.state.db";

  auto store = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(store.ok());
  CHECK(store.status().code() == Code::kState);
  CHECK_THAT(store.status().message(),
             Contains("/proc/chunkmill/job.state.db") && Contains("--state DIR"));
}

TEST_CASE_METHOD(StoreFixture, "state: in a read-only folder one can look, and not begin",
                 "[state]") {
  open_with_run();
  std::filesystem::permissions(file, std::filesystem::perms(0444));
  std::filesystem::permissions(file.string() + ".lock", std::filesystem::perms(0444));
  std::filesystem::permissions(file.parent_path(), std::filesystem::perms(0555));
  const auto try_it = [&]() -> int {
    // Permissions do not bind root.
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) return 1;
    auto reader = StateStore::open(file, OpenMode::kReadOnly, clock);
    if (!reader.ok() || !(*reader)->find_run("r1").ok()) return 2;
    auto host = StateStore::open(file, OpenMode::kCreate, clock);
    if (host.ok() || host.status().code() != Code::kState) return 3;
    return host.status().message().find("--state DIR") == std::string::npos ? 4 : 0;
  };

  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(try_it());

  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  std::filesystem::permissions(file.parent_path(), std::filesystem::perms(0755));
  REQUIRE(WIFEXITED(outcome));
  CHECK(WEXITSTATUS(outcome) == 0);
}

TEST_CASE_METHOD(StoreFixture, "state: a disk that is full loses nothing that can still be written",
                 "[state]") {
  auto store = open_with_run();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{64 * 1024, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
  for (uint64_t chunk = 0; chunk < 2000; ++chunk) {
    REQUIRE(store->record_chunk(chunk_of("a", chunk, 10)).ok());
  }

  const Status status = store->flush();

  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, old_handler);
  CHECK(status.code() == Code::kState);
  CHECK_THAT(status.message(), Contains(file.string()) && Contains("--state DIR"));
  REQUIRE(store->flush().ok());
  CHECK(store->committed_counts("r1")->read == 20'000);
  CHECK(store->chunks("r1", 10'000)->size() == 2000);
}

TEST_CASE_METHOD(StoreFixture, "state: a folder in the place of the file gives a message",
                 "[state]") {
  std::filesystem::create_directory(file);

  auto store = StateStore::open(file, OpenMode::kCreate, clock);

  REQUIRE_FALSE(store.ok());
  CHECK_THAT(store.status().message(), Contains("not a regular file"));
}

TEST_CASE_METHOD(StoreFixture, "state: what was flushed survives a host that is killed",
                 "[state]") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto store = StateStore::open(file, OpenMode::kCreate, clock);
    const Reject reject = reject_of(0, "bad_number");
    const bool ok = store.ok() && (*store)->begin_run(run_named("r1")).ok() &&
                    (*store)->record_chunk(chunk_of("a", 0, 10)).ok() && (*store)->flush().ok() &&
                    (*store)->store_rejects("r1", "a", 1, {&reject, 1}).ok() &&
                    (*store)->record_chunk(chunk_of("a", 1, 10)).ok();
    if (ok) ::raise(SIGKILL);
    ::_exit(1);
  }
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  REQUIRE(WIFSIGNALED(outcome));

  auto store = open();

  auto run = store->latest_run();
  REQUIRE(run.ok());
  CHECK((*run)->status == RunStatus::kRunning);
  auto splits = store->splits("r1");
  REQUIRE(splits->size() == 1);
  CHECK(splits->front().next_chunk == 1);
  CHECK(store->find_rejects({})->size() == 1);
}

}  // namespace chunkmill::host
