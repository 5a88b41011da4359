#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

Endpoint parsed(const std::string& url) {
  Endpoint endpoint;
  parse_url(url, &endpoint);
  return endpoint;
}

Outcome created(Map more) {
  more.emplace_back("table", "t");
  return MysqlRun(std::move(more)).created;
}

}  // namespace

TEST_CASE("mysql: a url gives host, port, user, password and database", "[mysql]") {
  const Endpoint endpoint = parsed("mysql://etl:s3cret@db.example:3307/warehouse");

  CHECK(endpoint.host == "db.example");
  CHECK(endpoint.port == 3307);
  CHECK(endpoint.user == "etl");
  CHECK(endpoint.password == "s3cret");
  CHECK(endpoint.database == "warehouse");
  CHECK(endpoint.text() == "etl@db.example:3307/warehouse");
}

TEST_CASE("mysql: what is left out of a url is the default", "[mysql]") {
  const Endpoint endpoint = parsed("mysql://db.example/warehouse");

  CHECK(endpoint.port == 3306);
  CHECK(endpoint.user.empty());
  CHECK(endpoint.tls == Tls::kPrefer);
  CHECK(parsed("mysql:///warehouse").host == "localhost");
  CHECK(parsed("mariadb://db.example/warehouse").database == "warehouse");
}

TEST_CASE("mysql: parts of a url are percent-decoded, and an @ may stand in the password",
          "[mysql]") {
  const Endpoint endpoint = parsed("mysql://e%74l:p%40ss%2Fw%3Aord%25@h/d%20b");

  CHECK(endpoint.user == "etl");
  CHECK(endpoint.password == "p@ss/w:ord%");
  CHECK(endpoint.database == "d b");
  CHECK(parsed("mysql://u:p@ss@h/d").password == "p@ss");
}

TEST_CASE("mysql: a url may hold an IPv6 address, a socket and how TLS is used", "[mysql]") {
  const Endpoint six = parsed("mysql://u@[::1]:3307/d");
  CHECK(six.host == "::1");
  CHECK(six.port == 3307);

  const Endpoint more = parsed("mysql://u@/d?socket=%2Frun%2Fsock&tls=verify&tls_ca=/ca.pem");
  CHECK(more.socket == "/run/sock");
  CHECK(more.tls == Tls::kVerify);
  CHECK(more.tls_ca == "/ca.pem");
  CHECK(more.text() == "u@/run/sock/d");
}

TEST_CASE("mysql: a url that cannot be read is refused without being shown", "[mysql]") {
  const std::string url =
      GENERATE("postgres://u:canary@h/d", "mysql://u:canary@h:0/d", "mysql://u:canary@h:99999/d",
               "mysql://u:canary@h:x/d", "mysql://u:canary%zz@h/d", "mysql://u:canary%0@h/d",
               "mysql://u:canary%00@h/d", "mysql://u:canary@[::1/d", "mysql://u:canary@[::1]x/d",
               "mysql://u:canary@h/d?ssl=1", "mysql://u:canary@h/d?tls=maybe");
  INFO(url);

  const Outcome outcome = created({{"url", url}});

  CHECK(outcome.code == CM_INVALID);
  CHECK(outcome.where == "url");
  CHECK_FALSE(outcome.says("canary"));
  CHECK(outcome.says("mysql://user:password@host:port/database"));
}

TEST_CASE("mysql: options that contradict each other are refused", "[mysql]") {
  const auto where = [](Map options) { return created(std::move(options)).where; };

  CHECK(where({{"url", "mysql://u:p@h/d"}, {"host", "other"}}) == "url");
  CHECK(where({{"url", "mysql://u:p@h/d"}, {"password", "x"}}) == "url");
  CHECK(where({{"user", "u"}, {"database", "d"}, {"password", "x"}, {"password_file", "/f"}}) ==
        "password_file");
  CHECK(where({{"url", "mysql://u:p@h"}}) == "url");
  CHECK(where({{"url", "mysql://h/d"}}) == "url");
  CHECK(where({{"user", "u"}}) == "database");
  CHECK(where({{"database", "d"}}) == "user");
  CHECK(where({{"url", "mysql://u:p@h/d"}, {"tls", "sometimes"}}) == "tls");
  CHECK(where({{"url", "mysql://u:p@h/d"}, {"timeout", "0s"}}) == "timeout");
  CHECK(created({{"user", "u"}, {"database", "d"}}).message == "");
}

TEST_CASE("mysql: the password file is read without its line end", "[mysql]") {
  std::string folder = (std::filesystem::temp_directory_path() / "chunkmill_pw_XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/password";
  std::ofstream(path) << "s3cret \r\n";
  const Map options{{"user", "u"}, {"database", "d"}, {"password_file", path}};
  const testing::Value values(options);
  const cm_options abi = values.abi();
  Options opt(&abi);
  ConnectionOptions connection;

  connection.configure(opt);
  CHECK(connection.endpoint().password == "s3cret ");

  std::filesystem::remove_all(folder);
  CHECK_THROWS_WITH(connection.endpoint(), Catch::Contains("cannot read " + path));
}

}  // namespace chunkmill::mysql
