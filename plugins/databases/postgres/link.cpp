#include "plugins/databases/postgres/link.hpp"

#include <poll.h>

#include <charconv>
#include <chrono>
#include <memory>

namespace chunkmill::postgres {
namespace {

using Clock = std::chrono::steady_clock;

struct Finish {
  void operator()(PGconn* handle) const { PQfinish(handle); }
};

std::string field(const PGresult* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

int on_event(PGEventId event, void* info, void* link) {
  if (event != PGEVT_RESULTCREATE) return 1;
  const PGresult* const result = static_cast<PGEventResultCreate*>(info)->result;
  if (PQresultStatus(result) != PGRES_FATAL_ERROR) return 1;
  Failure failure = failure_of(result);
  // The first error says why; what libpq adds once the server is gone does not.
  if (static_cast<Link*>(link)->failure.sqlstate.empty())
    static_cast<Link*>(link)->failure = std::move(failure);
  return 1;
}

// Waits until libpq can go on; false once the time is over.
bool wait_for(PGconn* handle, PostgresPollingStatusType what, Clock::time_point deadline,
              const Watchdog& watchdog) {
  constexpr int kRoundMs = 100;
  while (Clock::now() < deadline && !watchdog.is_interrupted()) {
    pollfd ready{PQsocket(handle), what == PGRES_POLLING_READING ? short{POLLIN} : short{POLLOUT},
                 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (poll(&ready, 1, static_cast<int>(std::min<int64_t>(left + 1, kRoundMs))) > 0) return true;
  }
  return false;
}

Error refused(const ConnectionOptions& options, PGconn* handle) {
  const Failure failure = connect_failure(PQerrorMessage(handle));
  Meaning meaning = meaning_of(failure.sqlstate);
  if (failure.sqlstate.empty()) {
    meaning = {CM_UNAVAILABLE, true, "is the server running, and are `host` and `port` right?"};
    if (PQconnectionNeedsPassword(handle) != 0)
      meaning = {CM_PERMISSION, false, "give `password` or `password_file`"};
    for (const std::string_view word : {"SSL", "certificate", "sslmode"})
      if (failure.message.find(word) != std::string::npos)
        meaning = {CM_INVALID, false, "check `sslmode` and `sslrootcert`"};
  }
  std::string text =
      "cannot connect to PostgreSQL at " + options.place() + ": " + options.redact(failure.message);
  if (!meaning.advice.empty()) text += "; " + std::string(meaning.advice);
  return Error(meaning.code, text)
      .at(options.place())
      .sqlstate(failure.sqlstate)
      .retryable_if(meaning.retryable);
}

}  // namespace

Failure failure_of(const PGresult* result) {
  Failure failure{field(result, PG_DIAG_SQLSTATE),       field(result, PG_DIAG_MESSAGE_PRIMARY),
                  field(result, PG_DIAG_MESSAGE_DETAIL), field(result, PG_DIAG_CONTEXT),
                  field(result, PG_DIAG_COLUMN_NAME),    field(result, PG_DIAG_CONSTRAINT_NAME)};
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  std::from_chars(position.data(), position.data() + position.size(), failure.position);
  if (failure.message.empty()) failure.message = PQresultErrorMessage(result);
  return failure;
}

void open_link(const ConnectionOptions& options, const Watchdog& watchdog, std::string_view role,
               Link* link) {
  const Keywords keywords = options.keywords(role);
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  const auto deadline = Clock::now() + std::chrono::milliseconds(options.connect_timeout_ms());
  std::unique_ptr<PGconn, Finish> handle(
      PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/1));
  if (handle == nullptr) throw std::bad_alloc();
  // The SQLSTATE of a refusal is told no other way.
  PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
  PQsetNoticeReceiver(
      handle.get(), [](void*, const PGresult*) {}, nullptr);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  if (PQstatus(handle.get()) == CONNECTION_BAD) throw refused(options, handle.get());
  while (status != PGRES_POLLING_OK) {
    if (!wait_for(handle.get(), status, deadline, watchdog)) {
      if (watchdog.is_interrupted())
        throw Error(CM_CANCELLED, "interrupted while connecting").at(options.place());
      throw Error(CM_UNAVAILABLE, "PostgreSQL at " + options.place() + " did not answer within " +
                                      std::to_string(options.connect_timeout_ms()) +
                                      " ms (`connect_timeout`)")
          .at(options.place())
          .retryable_if(true);
    }
    status = PQconnectPoll(handle.get());
    if (status == PGRES_POLLING_FAILED) throw refused(options, handle.get());
  }
  PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
  if (PQregisterEventProc(handle.get(), on_event, "chunkmill", link) == 0) throw std::bad_alloc();
  link->handle = handle.release();
}

LinkPolicy::handle LinkPolicy::do_startconnect(handle orig) {
  if (orig != nullptr) return orig;
  if (given_) throw pqxx::broken_connection("the connection was lost");
  given_ = true;
  return link_.handle;
}

LinkPolicy::handle LinkPolicy::do_disconnect(handle orig) noexcept {
  link_.handle = nullptr;
  return connectionpolicy::do_disconnect(orig);
}

}  // namespace chunkmill::postgres
