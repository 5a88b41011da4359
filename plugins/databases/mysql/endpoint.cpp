#include "plugins/databases/mysql/endpoint.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "chunkmill/parse.hpp"

namespace chunkmill::mysql {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(CM_INVALID, why + "; it reads mysql://user:password@host:port/database, with " +
                              "%40 for @, %3A for : and %2F for / inside a part");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, const char* part) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0)
      refuse(std::string("the url's ") + part + " has a % that no two hexadecimal digits follow");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// What comes before the first `separator`, taken off the front of `text`.
std::string_view take_until(std::string_view* text, char separator) {
  const size_t at = text->find(separator);
  const std::string_view head = text->substr(0, at);
  *text = at == std::string_view::npos ? std::string_view() : text->substr(at + 1);
  return head;
}

uint16_t parse_port(std::string_view text) {
  int64_t port = 0;
  if (parse_int64(text, &port) != ParseFault::kNone || port < 1 || port > 65'535)
    refuse("the url's port is not a number from 1 to 65535");
  return static_cast<uint16_t>(port);
}

constexpr std::pair<std::string_view, Tls> kTlsWords[] = {{"disable", Tls::kDisable},
                                                          {"prefer", Tls::kPrefer},
                                                          {"require", Tls::kRequire},
                                                          {"verify", Tls::kVerify}};

void set_parameter(const std::string& name, const std::string& value, Endpoint* out) {
  if (name == "socket") {
    out->socket = value;
  } else if (name == "tls_ca") {
    out->tls_ca = value;
  } else if (name == "tls") {
    for (const auto& [word, mode] : kTlsWords) {
      if (value != word) continue;
      out->tls = mode;
      return;
    }
    refuse("the url's tls is none of disable, prefer, require and verify");
  } else {
    refuse("the url has a parameter that is none of tls, tls_ca and socket");
  }
}

void parse_host(std::string_view text, Endpoint* out) {
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) refuse("the url's host has [ without ]");
    out->host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (text.empty()) return;
    if (text[0] != ':') refuse("something other than a port follows the url's host");
    port = text.substr(1);
  } else {
    const bool has_port = text.find(':') != std::string_view::npos;
    const std::string_view host = take_until(&text, ':');
    if (!host.empty()) out->host = decoded(host, "host");
    if (!has_port) return;
    port = text;
  }
  out->port = parse_port(port);
}

std::string read_password(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file)
    throw Error(CM_NOT_FOUND, "cannot read " + path +
                                  "; it must hold the password and be readable by the user of "
                                  "this process")
        .at("password_file");
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) throw Error(CM_INVALID, path + " holds no password").at("password_file");
  return text;
}

}  // namespace

void parse_url(std::string_view url, Endpoint* out) {
  std::string_view rest = url;
  if (rest.starts_with("mysql://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("mariadb://")) {
    rest.remove_prefix(10);
  } else {
    refuse("the url does not begin with mysql://");
  }
  if (rest.find('\0') != std::string_view::npos) refuse("the url holds a NUL character");
  std::string_view parameters = rest;
  rest = take_until(&parameters, '?');
  std::string_view path = rest;
  std::string_view authority = take_until(&path, '/');

  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    std::string_view password = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    const std::string_view user = take_until(&password, ':');
    out->user = decoded(user, "user");
    out->password = decoded(password, "password");
  }
  parse_host(authority, out);
  if (!path.empty()) out->database = decoded(path, "database");
  while (!parameters.empty()) {
    std::string_view value = take_until(&parameters, '&');
    const std::string_view name = take_until(&value, '=');
    set_parameter(decoded(name, "parameters"), decoded(value, "parameters"), out);
  }
}

std::string Endpoint::text() const {
  std::string out = user.empty() ? "" : user + "@";
  out += socket.empty() ? host + ":" + std::to_string(port) : socket;
  return database.empty() ? out : out + "/" + database;
}

void ConnectionOptions::configure(Options& opt) {
  opt.optional("url", url_, "mysql://user:password@host:port/database; or give the parts");
  opt.optional("host", plain_.host, "the server's name or address");
  opt.optional("port", plain_.port, "the server's port");
  opt.optional("socket", socket_,
               "the socket file of a server on this machine, in place of a host");
  opt.optional("database", plain_.database, "the database on the server");
  opt.optional("user", plain_.user, "the user to log in as");
  opt.optional("password", password_, "the user's password");
  opt.optional("password_file", password_file_, "a file that holds the password");
  opt.choice("tls", plain_.tls,
             {{"disable", Tls::kDisable},
              {"prefer", Tls::kPrefer},
              {"require", Tls::kRequire},
              {"verify", Tls::kVerify}},
             "disable: never; prefer: where the server can; require: or no connection; verify: and "
             "the server's certificate must be good for its host");
  opt.optional("tls_ca", tls_ca_, "a file with the certificates of those who may vouch for it");
  opt.optional("connect_timeout", connect_timeout_, "how long to wait for a connection");
  opt.optional("timeout", timeout_, "how long to wait for an answer of the server");
  if (!opt.describing()) check();
}

void ConnectionOptions::check() const {
  const Endpoint none;
  if (!url_.value.empty()) {
    if (plain_.host != none.host || plain_.port != none.port || !socket_.value.empty() ||
        !plain_.database.empty() || !plain_.user.empty())
      throw Error(CM_INVALID, "`url` and its parts (host, port, socket, database, user) exclude " +
                                  std::string("each other"))
          .at("url");
    Endpoint parsed;
    try {
      parse_url(url_.value, &parsed);
    } catch (Error& error) {
      throw error.at("url");
    }
    if (!parsed.password.empty() && (!password_.value.empty() || !password_file_.value.empty()))
      throw Error(CM_INVALID, "the url holds a password already").at("url");
  }
  if (!password_.value.empty() && !password_file_.value.empty())
    throw Error(CM_INVALID, "`password` and `password_file` exclude each other")
        .at("password_file");
  const Endpoint whole = [&] {
    Endpoint out = plain_;
    if (!url_.value.empty()) parse_url(url_.value, &out);
    return out;
  }();
  if (whole.database.empty())
    throw Error(CM_INVALID, "the database is missing: give `url` or `database`")
        .at(url_.value.empty() ? "database" : "url");
  if (whole.user.empty())
    throw Error(CM_INVALID, "the user is missing: give `url` or `user`")
        .at(url_.value.empty() ? "user" : "url");
  if (connect_timeout_.ms <= 0)
    throw Error(CM_INVALID, "it must be more than 0").at("connect_timeout");
  if (timeout_.ms <= 0) throw Error(CM_INVALID, "it must be more than 0").at("timeout");
}

Endpoint ConnectionOptions::endpoint() const {
  Endpoint out = plain_;
  out.socket = socket_.value;
  out.tls_ca = tls_ca_.value;
  out.password = password_.value;
  if (!url_.value.empty()) parse_url(url_.value, &out);
  if (!password_file_.value.empty()) out.password = read_password(password_file_.value);
  out.connect_timeout_ms = connect_timeout_.ms;
  out.timeout_ms = timeout_.ms;
  return out;
}

}  // namespace chunkmill::mysql
