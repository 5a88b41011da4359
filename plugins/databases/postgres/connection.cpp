#include "plugins/databases/postgres/connection.hpp"

#include <charconv>
#include <chrono>
#include <map>
#include <thread>

#include "plugins/databases/postgres/link.hpp"

namespace chunkmill::postgres {
namespace {

constexpr int kOldestServer = 110'000;
constexpr std::string_view kIdleLimit = "5min";
// How long end_session() waits for the other backend to be gone, and how often it looks.
constexpr std::chrono::milliseconds kEndWait{10'000};
constexpr std::chrono::milliseconds kEndLook{20};

// Types by their number in pg_type, which never changes.
enum : pqxx::oid { kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23 };

std::string hex_text(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\\x";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (size_t i = 2; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return out;
}

// Parameters as text, which the server reads as the type that the statement needs there.
class Parameters {
 public:
  explicit Parameters(const sql::Values& values) {
    texts_.reserve(values.size());
    for (const sql::Value& value : values) {
      if (std::holds_alternative<std::monostate>(value)) {
        pointers_.push_back(nullptr);
        continue;
      }
      if (const auto* number = std::get_if<int64_t>(&value))
        texts_.push_back(std::to_string(*number));
      else if (const auto* text = std::get_if<std::string>(&value))
        texts_.push_back(*text);
      else
        texts_.push_back(hex_text(std::get<Binary>(value).bytes));
      pointers_.push_back(texts_.back().c_str());
    }
  }
  const std::vector<const char*>& pointers() const { return pointers_; }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

sql::Values read_row(const pqxx::row& row) {
  sql::Values values;
  for (const pqxx::field field : row) {
    const std::string_view text(field.c_str(), field.size());
    const pqxx::oid type = field.type();
    if (field.is_null()) {
      values.emplace_back();
    } else if (type == kInt8 || type == kInt4 || type == kInt2) {
      int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      values.emplace_back(number);
    } else if (type == kBytea) {
      values.emplace_back(bytes_of(text));
    } else {
      values.emplace_back(std::string(text));
    }
  }
  return values;
}

}  // namespace

// Not of this file alone: it is part of Connection::State.
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(char* memory) const { PQfreemem(memory); }
};

namespace {

using ResultPtr = std::unique_ptr<PGresult, Clear>;

// The first words of a statement, for messages.
std::string_view head_of(const std::string& sql) { return std::string_view(sql).substr(0, 60); }

}  // namespace

struct Connection::State {
  Link link;
  std::unique_ptr<LinkedConnection> db;
  std::unique_ptr<Lifeline> lifeline;
  std::unique_ptr<pqxx::work> transaction;
  std::map<std::string, std::string> prepared;  // names by statement
  std::unique_ptr<char, Clear> copied_row;
  bool is_copying = false;  // a COPY ... TO STDOUT is under way

  pqxx::result ask(const std::string& sql, const sql::Values& parameters);
};

// Statements with parameters are few and come again and again: the server keeps them parsed.
pqxx::result Connection::State::ask(const std::string& sql, const sql::Values& parameters) {
  // The server knows names by their first 63 bytes.
  const auto [known, is_new] =
      prepared.emplace(sql, "chunkmill_" + std::to_string(prepared.size()));
  const std::string& name = known->second;
  if (is_new) db->prepare(name, sql);
  const Parameters texts(parameters);
  const auto send = [&](pqxx::transaction_base& in) {
    return in.exec_prepared(name, pqxx::prepare::make_dynamic_params(texts.pointers()));
  };
  if (transaction != nullptr) return send(*transaction);
  pqxx::nontransaction alone(*db);
  return send(alone);
}

// Runs `call` under the watchdog, and turns what libpqxx throws into an Error.
template <typename F>
auto Connection::answered(std::string_view doing, F&& call) {
  struct Armed {
    Lifeline& line;
    ~Armed() { line.disarm(); }
  };
  if (!state_->link.is_alive()) throw lost(doing);
  state_->link.failure = {};
  state_->lifeline->arm(options().timeout_ms());
  const Armed armed{*state_->lifeline};
  try {
    return call();
  } catch (const pqxx::failure&) {
    if (!state_->link.is_alive()) throw lost(doing);
    throw error_of(state_->link.failure, doing);
  }
}

Connection::Connection(std::shared_ptr<Server> server, std::string_view role, sql::Access access,
                       Idle idle)
    : server_(std::move(server)), state_(std::make_unique<State>()) {
  open_link(options(), server_->watchdog, role, &state_->link);
  state_->lifeline = std::make_unique<Lifeline>(server_->watchdog, PQsocket(state_->link.handle));
  answered("connecting", [&] { state_->db = std::make_unique<LinkedConnection>(state_->link); });
  check_server_version(server_version(), options().place());
  set_up(access, idle);
}

Connection::~Connection() {
  rollback();
  const bool is_handed_over = state_->db != nullptr;
  state_->db.reset();
  if (!is_handed_over && state_->link.handle != nullptr) PQfinish(state_->link.handle);
}

void Connection::set_up(sql::Access access, Idle idle) {
  std::string sql =
      "SET client_min_messages = warning; SET standard_conforming_strings = on; "
      "SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'; SET bytea_output = hex; "
      "SET extra_float_digits = 1; "
      // A client that is gone without a word is noticed within a minute, and its locks with it.
      "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; "
      "SET tcp_keepalives_count = 3; SET idle_in_transaction_session_timeout = ";
  sql += idle == Idle::kKeepsTransaction ? "0" : quote_literal(kIdleLimit);
  if (access == sql::Access::kLook) sql += "; SET default_transaction_read_only = on";
  if (!options().schema().empty())
    sql += "; SELECT set_config('search_path', quote_ident(" + quote_literal(options().schema()) +
           ") || ', ' || current_setting('search_path'), false)";
  run(sql);
}

// Two sessions that make one table at a time both find that it is not there, and the later one is
// told of a duplicate in the catalogue.
void Connection::run(const std::string& sql) {
  constexpr std::string_view kDuplicate = "23505";
  bool is_retried =
      !sql.starts_with("CREATE TABLE IF NOT EXISTS") || state_->transaction != nullptr;
  answered(head_of(sql), [&] {
    if (state_->transaction != nullptr) {
      state_->transaction->exec(sql);
      return;
    }
    pqxx::nontransaction alone(*state_->db);
    try {
      alone.exec(sql);
    } catch (const pqxx::sql_error& error) {
      if (is_retried || error.sqlstate() != kDuplicate) throw;
      is_retried = true;
      state_->link.failure = {};
      alone.exec(sql);
    }
  });
}

int64_t Connection::execute(const std::string& sql, const sql::Values& parameters) {
  return answered(head_of(sql), [&] {
    return static_cast<int64_t>(state_->ask(sql, parameters).affected_rows());
  });
}

std::vector<sql::Values> Connection::all(const std::string& sql, const sql::Values& parameters) {
  return answered(head_of(sql), [&] {
    std::vector<sql::Values> rows;
    for (const pqxx::row row : state_->ask(sql, parameters)) rows.push_back(read_row(row));
    return rows;
  });
}

std::optional<sql::Values> Connection::first(const std::string& sql,
                                             const sql::Values& parameters) {
  std::vector<sql::Values> rows = all(sql, parameters);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void Connection::begin() {
  rollback();
  ++transactions_;
  answered("BEGIN", [&] { state_->transaction = std::make_unique<pqxx::work>(*state_->db); });
}

// A COMMIT of a transaction in which something failed is a ROLLBACK that sounds like a success.
void Connection::commit() {
  if (state_->transaction == nullptr || !in_transaction())
    throw Error(CM_IO, "COMMIT: the transaction was rolled back after an earlier error")
        .at(options().place());
  try {
    answered("COMMIT", [&] { state_->transaction->commit(); });
  } catch (const Error& error) {
    const bool is_alive = state_->link.is_alive();
    rollback();
    if (is_alive) throw;
    throw Error(CM_COMMIT_UNKNOWN, std::string("the answer to a commit was lost: ") + error.what())
        .at(options().place());
  }
  state_->transaction.reset();
}

void Connection::rollback() noexcept {
  // What is left of a COPY may be more than anybody wants to wait for.
  if (state_->is_copying) state_->db->disconnect();
  state_->is_copying = false;
  if (state_->transaction == nullptr) return;
  state_->lifeline->arm(options().timeout_ms());
  try {
    state_->transaction->abort();
  } catch (const std::exception&) {
    // A connection that is lost has rolled back at the server.
  }
  state_->transaction.reset();
  state_->lifeline->disarm();
}

bool Connection::in_transaction() const {
  return state_->link.is_alive() && PQtransactionStatus(state_->link.handle) == PQTRANS_INTRANS;
}

bool Connection::try_lock(const std::string& name) {
  return first("SELECT 1 WHERE pg_try_advisory_lock(hashtextextended($1, 0))", {name}).has_value();
}

std::string Connection::lock_holder(const std::string& name) {
  // How pg_locks shows a lock by one 64-bit number: its halves, and 1.
  const std::optional<sql::Values> row = first(
      "SELECT a.pid || '/' || extract(epoch FROM a.backend_start) FROM pg_locks l "
      "JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database "
      "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
      "AND d.datname = current_database() "
      "AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1, 0)",
      {name});
  return row ? std::get<std::string>((*row)[0]) : std::string();
}

void Connection::unlock(const std::string& name) noexcept {
  try {
    first("SELECT pg_advisory_unlock(hashtextextended($1, 0))", {name});
  } catch (const std::exception&) {
    // A connection that is lost holds no lock.
  }
}

std::string Connection::session_id() {
  if (session_.empty())
    session_ = std::get<std::string>(
        (*first("SELECT pid || '/' || extract(epoch FROM backend_start) FROM pg_stat_activity "
                "WHERE pid = pg_backend_pid()",
                {}))[0]);
  return session_;
}

// Of another user's backend nobody but the pid may be seen.
bool Connection::session_lives(const std::string& id) {
  return first(
             "SELECT 1 FROM pg_stat_activity WHERE pid = split_part($1, '/', 1)::int AND "
             "coalesce(extract(epoch FROM backend_start)::text = split_part($1, '/', 2), true)",
             {id})
      .has_value();
}

void Connection::end_session(const std::string& id) {
  first(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE pid = split_part($1, '/', 1)::int AND "
      "extract(epoch FROM backend_start)::text = split_part($1, '/', 2)",
      {id});
  const auto deadline = std::chrono::steady_clock::now() + kEndWait;
  while (session_lives(id) && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(kEndLook);
}

namespace {
// The tags "COPY 17" and "INSERT 0 17" of the server's answers.
void count_rows(PGresult* result, Copied* copied) {
  if (PQresultStatus(result) != PGRES_COMMAND_OK) return;
  const std::string_view tag = PQcmdStatus(result);
  if (tag.starts_with("COPY ")) copied->copied = std::atoll(PQcmdTuples(result));
  if (tag.starts_with("INSERT ")) copied->inserted = std::atoll(PQcmdTuples(result));
}
}  // namespace

int Connection::server_version() const { return PQserverVersion(state_->link.handle); }

std::variant<Copied, Failure> Connection::copy_in(const std::string& sql,
                                                  const std::function<void(CopyIn&)>& feed) {
  class Stream final : public CopyIn {
   public:
    Stream(PGconn* handle, Lifeline& line, int64_t timeout_ms)
        : handle_(handle), line_(line), timeout_ms_(timeout_ms) {}
    void put(const char* data, size_t size) override {
      constexpr size_t kMost = 1U << 30;
      for (; size > 0; data += std::min(size, kMost), size -= std::min(size, kMost)) {
        line_.arm(timeout_ms_);
        if (PQputCopyData(handle_, data, static_cast<int>(std::min(size, kMost))) != 1)
          throw pqxx::broken_connection("COPY");
      }
    }

   private:
    PGconn* handle_;
    Lifeline& line_;
    int64_t timeout_ms_;
  };

  return answered("COPY", [&]() -> std::variant<Copied, Failure> {
    PGconn* const handle = state_->link.handle;
    ResultPtr result(PQexec(handle, sql.c_str()));
    if (PQresultStatus(result.get()) != PGRES_COPY_IN) {
      if (!state_->link.is_alive()) throw pqxx::broken_connection("COPY");
      return failure_of(result.get());
    }
    Stream stream(handle, *state_->lifeline, options().timeout_ms());
    const auto end = [&](const char* why) -> std::variant<Copied, Failure> {
      state_->lifeline->arm(options().timeout_ms());
      Copied copied;
      std::optional<Failure> failure;
      const bool is_sent = PQputCopyEnd(handle, why) == 1;
      while ((result = ResultPtr(PQgetResult(handle))) != nullptr) {
        if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failure)
          failure = failure_of(result.get());
        count_rows(result.get(), &copied);
      }
      if (!is_sent || !state_->link.is_alive()) throw pqxx::broken_connection("COPY");
      if (failure) return *failure;
      return copied;
    };
    try {
      feed(stream);
    } catch (...) {
      if (state_->link.is_alive()) end("given up");
      throw;
    }
    return end(nullptr);
  });
}

void Connection::begin_copy_out(const std::string& sql) {
  answered("COPY", [&] {
    const ResultPtr result(PQexec(state_->link.handle, sql.c_str()));
    if (PQresultStatus(result.get()) != PGRES_COPY_OUT) throw pqxx::failure("COPY");
    state_->is_copying = true;
  });
}

// Rows that have come already cost no look at the clock.
std::optional<std::string_view> Connection::copy_row() {
  if (!state_->link.is_alive()) throw lost("COPY");
  char* row = nullptr;
  int size = PQgetCopyData(state_->link.handle, &row, /*async=*/1);
  state_->copied_row.reset(row);
  if (size > 0) return std::string_view(row, static_cast<size_t>(size));
  return answered("COPY", [&]() -> std::optional<std::string_view> {
    PGconn* const handle = state_->link.handle;
    if (size == 0) {
      size = PQgetCopyData(handle, &row, /*async=*/0);
      state_->copied_row.reset(row);
      if (size > 0) return std::string_view(row, static_cast<size_t>(size));
    }
    state_->is_copying = false;
    bool is_good = size == -1;
    while (const ResultPtr result{PQgetResult(handle)})
      is_good = is_good && PQresultStatus(result.get()) != PGRES_FATAL_ERROR;
    if (!is_good) throw pqxx::failure("COPY");
    return std::nullopt;
  });
}

void Connection::stop_copy_out() noexcept {
  if (!state_->is_copying) return;
  try {
    answered("COPY", [&] { state_->db->cancel_query(); });
    while (copy_row()) {
    }
  } catch (const std::exception&) {
    // The server says that it was cancelled; a connection that is lost has nothing to give up.
  }
}

std::variant<std::vector<ResultColumn>, Failure> Connection::describe(const std::string& select) {
  return answered("SELECT", [&]() -> std::variant<std::vector<ResultColumn>, Failure> {
    constexpr const char* kUnnamed = "";
    PGconn* const handle = state_->link.handle;
    ResultPtr result(PQprepare(handle, kUnnamed, select.c_str(), 0, nullptr));
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK)
      result = ResultPtr(PQdescribePrepared(handle, kUnnamed));
    if (!state_->link.is_alive()) throw pqxx::broken_connection("SELECT");
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return failure_of(result.get());
    std::vector<ResultColumn> columns;
    const int count = PQnfields(result.get());
    columns.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i)
      columns.push_back(
          {PQfname(result.get(), i), PQftype(result.get(), i), PQfmod(result.get(), i)});
    return columns;
  });
}

Error Connection::lost(std::string_view doing) const {
  const std::string& place = options().place();
  if (server_->watchdog.is_interrupted())
    return Error(CM_CANCELLED, std::string(doing) + ": interrupted").at(place);
  std::string why = "the connection to PostgreSQL at " + place + " was lost";
  if (state_->lifeline != nullptr && state_->lifeline->is_late())
    why = "PostgreSQL at " + place + " gave no answer within " +
          std::to_string(options().timeout_ms()) + " ms (`timeout`)";
  else if (!state_->link.failure.sqlstate.empty())
    why += ": " + state_->link.failure.message;
  return Error(CM_UNAVAILABLE, options().redact(std::string(doing) + ": " + why))
      .at(place)
      .sqlstate(state_->link.failure.sqlstate)
      .retryable_if(true);
}

Error Connection::error_of(const Failure& failure, std::string_view doing,
                           std::string_view where) const {
  const Meaning meaning = meaning_of(failure.sqlstate);
  std::string text = std::string(doing) + ": " + failure.message;
  if (!failure.sqlstate.empty()) text += " (SQLSTATE " + failure.sqlstate + ")";
  if (!meaning.advice.empty()) text += "; " + std::string(meaning.advice);
  return Error(meaning.code, options().redact(std::move(text)))
      .at(where.empty() ? std::string_view(options().place()) : where)
      .sqlstate(failure.sqlstate)
      .retryable_if(meaning.retryable);
}

void check_server_version(int version, std::string_view place) {
  if (version >= kOldestServer) return;
  throw Error(CM_UNSUPPORTED, "the PostgreSQL server at " + std::string(place) + " is version " +
                                  std::to_string(version / 10'000) + "; " +
                                  std::to_string(kOldestServer / 10'000) + " or later is needed")
      .at(place);
}

std::string quote_literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace chunkmill::postgres
