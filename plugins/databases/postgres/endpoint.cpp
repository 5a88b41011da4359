#include "plugins/databases/postgres/endpoint.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "chunkmill/nearest.hpp"
#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::postgres {
namespace {

// The server cuts longer names, with a warning.
constexpr size_t kMaxRoleBytes = 63;
// A shorter secret stands in any text by chance; taking it out would tell where it stood.
constexpr size_t kShortestSecret = 3;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  void operator()(char* text) const { PQfreemem(text); }
};

// Every character that is not a letter or a digit as %XX.
std::string percent_encoded(const std::string& text, const char* hex) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_plain) {
      out += c;
    } else {
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

void replace_all(std::string* text, const std::string& what) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at + 3))
    text->replace(at, what.size(), "***");
}

// What the user part of a url holds as its password, still encoded; empty where it has none.
std::string encoded_password(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  const size_t begin = scheme + 3;
  const size_t at = url.find('@', begin);
  const size_t colon = url.find(':', begin);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return {};
  return url.substr(colon + 1, at - colon - 1);
}

}  // namespace

void ConnectionOptions::configure(Options& opt) {
  opt.optional("url", url_,
               "postgresql://user:password@host:port/database, or libpq's keyword form; or give "
               "`host` and the others");
  opt.optional("host", host_,
               "name or address of the server, or the folder of its socket; default: PGHOST, else "
               "the local socket");
  opt.optional("port", port_, "default: PGPORT, else 5432");
  opt.optional("database", database_, "default: PGDATABASE, else the user's name");
  opt.optional("user", user_, "default: PGUSER, else the name of this process's user");
  opt.optional("password", password_,
               "default: PGPASSWORD, else what the file PGPASSFILE or ~/.pgpass says");
  opt.optional("password_file", password_file_, "a file whose first line is the password");
  opt.optional("sslmode", sslmode_,
               "disable, allow, prefer, require, verify-ca or verify-full; default: what `url` or "
               "PGSSLMODE says, else prefer");
  opt.optional("sslrootcert", sslrootcert_,
               "file of the authorities that verify-ca and verify-full trust");
  opt.optional("schema", schema_,
               "schema that tables are in; default: the first of the server's search path");
  opt.optional("connect_timeout", connect_timeout_, "how long connecting may take");
  opt.optional("timeout", timeout_,
               "how long a statement or a commit may go without an answer; the connection is "
               "given up then, and the host tries again");
  if (!opt.describing()) check();
}

void ConnectionOptions::check() {
  for (const auto& [name, is_given] : {std::pair{"host", !host_.empty()},
                                       {"port", port_.has_value()},
                                       {"database", !database_.empty()},
                                       {"user", !user_.empty()}})
    if (is_given && !url_.value.empty())
      throw Error(CM_INVALID, "`url` says this already; leave one of them out").at(name);
  if (!password_.value.empty() && !password_file_.value.empty())
    throw Error(CM_INVALID, "`password` and `password_file` exclude each other")
        .at("password_file");
  const std::vector<std::string> modes = {"disable", "allow",     "prefer",
                                          "require", "verify-ca", "verify-full"};
  if (!sslmode_.empty() && std::find(modes.begin(), modes.end(), sslmode_) == modes.end()) {
    const std::string near = nearest(sslmode_, modes);
    throw Error(CM_INVALID, "\"" + sslmode_ +
                                "\" is not one of disable, allow, prefer, require, verify-ca, "
                                "verify-full" +
                                (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
        .at("sslmode");
  }
  try {
    if (!schema_.empty()) sql::check_identifier("schema", schema_);
  } catch (Error& error) {
    throw error.at("schema");
  }
  for (const auto& [name, duration] :
       {std::pair{"connect_timeout", connect_timeout_}, {"timeout", timeout_}})
    if (duration.ms <= 0) throw Error(CM_INVALID, "it must be more than nothing").at(name);
  if (!password_file_.value.empty()) read_password_file();
  parse_url();
  keep_secret(url_.value);
  keep_secret(encoded_password(url_.value));
  keep_secret(password_.value);
  std::sort(secrets_.begin(), secrets_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void ConnectionOptions::read_password_file() {
  std::ifstream file(password_file_.value);
  std::getline(file, password_.value);
  while (!password_.value.empty() && password_.value.back() == '\r') password_.value.pop_back();
  if (!file || password_.value.empty())
    throw Error(CM_NOT_FOUND,
                "cannot read a password from the first line of " + password_file_.value)
        .at("password_file");
}

// libpq's own message would quote the part that it cannot read, which may be the password's.
void ConnectionOptions::parse_url() {
  std::string host = host_;
  std::string port = port_ ? std::to_string(*port_) : "";
  std::string database = database_;
  if (!url_.value.empty()) {
    char* why = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
        PQconninfoParse(url_.value.c_str(), &why));
    const std::unique_ptr<char, FreeOptions> message(why);
    if (parsed == nullptr)
      throw Error(CM_INVALID,
                  "it cannot be read; write postgresql://user:password@host:port/database, with "
                  "%XX for characters like @ : / % in the password")
          .at("url");
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
      if (option->val == nullptr) continue;
      const std::string_view name = option->keyword;
      if (name == "host") host = option->val;
      if (name == "port") port = option->val;
      if (name == "dbname") database = option->val;
      if (name == "password") keep_secret(option->val);
    }
  }
  if (host.empty()) host = "local socket";
  place_ = host + (port.empty() ? "" : ":" + port) + (database.empty() ? "" : "/" + database);
}

void ConnectionOptions::keep_secret(const std::string& secret) {
  if (secret.size() < kShortestSecret) return;
  for (std::string form : {secret, percent_encoded(secret, "0123456789ABCDEF"),
                           percent_encoded(secret, "0123456789abcdef")})
    secrets_.push_back(std::move(form));
}

std::string ConnectionOptions::redact(std::string text) const {
  for (const std::string& secret : secrets_) replace_all(&text, secret);
  return text;
}

Keywords ConnectionOptions::keywords(std::string_view role) const {
  Keywords out;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.emplace_back(name, value);
  };
  add("dbname", url_.value.empty() ? database_ : url_.value);
  add("host", host_);
  if (port_) add("port", std::to_string(*port_));
  add("user", user_);
  add("password", password_.value);
  add("sslmode", sslmode_);
  add("sslrootcert", sslrootcert_.value);
  add("application_name", std::string(role.substr(0, kMaxRoleBytes)));
  add("client_encoding", "UTF8");
  // A server that is gone without a word is noticed within a minute, in a commit too.
  add("keepalives", "1");
  add("keepalives_idle", "30");
  add("keepalives_interval", "10");
  add("keepalives_count", "3");
  add("tcp_user_timeout", std::to_string(timeout_.ms));
  return out;
}

}  // namespace chunkmill::postgres
