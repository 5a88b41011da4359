#include "plugins/databases/mysql/errors.hpp"

#include <errmsg.h>
#include <mysqld_error.h>

#include <catch2/catch.hpp>

namespace chunkmill::mysql {

TEST_CASE("mysql: the number of an error says what the host may do about it", "[mysql]") {
  struct Case {
    unsigned number;
    const char* sqlstate;
    cm_code code;
  };
  const Case c = GENERATE(
      Case{CR_CONN_HOST_ERROR, "HY000", CM_UNAVAILABLE},
      Case{CR_UNKNOWN_HOST, "HY000", CM_UNAVAILABLE}, Case{CR_SERVER_LOST, "HY000", CM_UNAVAILABLE},
      Case{ER_CON_COUNT_ERROR, "08004", CM_UNAVAILABLE},
      Case{ER_LOCK_DEADLOCK, "40001", CM_UNAVAILABLE},
      Case{ER_LOCK_WAIT_TIMEOUT, "HY000", CM_UNAVAILABLE},
      Case{ER_SERVER_SHUTDOWN, "08S01", CM_UNAVAILABLE},
      Case{ER_CONNECTION_KILLED, "70100", CM_UNAVAILABLE}, Case{ER_DISK_FULL, "HY000", CM_FULL},
      Case{ER_RECORD_FILE_FULL, "HY000", CM_FULL},
      Case{ER_ACCESS_DENIED_ERROR, "28000", CM_PERMISSION},
      Case{ER_DBACCESS_DENIED_ERROR, "42000", CM_PERMISSION},
      Case{ER_TABLEACCESS_DENIED_ERROR, "42000", CM_PERMISSION},
      Case{ER_BAD_DB_ERROR, "42000", CM_NOT_FOUND}, Case{ER_NO_SUCH_TABLE, "42S02", CM_NOT_FOUND},
      Case{ER_BAD_FIELD_ERROR, "42S22", CM_INVALID}, Case{ER_PARSE_ERROR, "42000", CM_INVALID},
      Case{ER_NET_PACKET_TOO_LARGE, "08S01", CM_TOO_LARGE}, Case{ER_DUP_ENTRY, "23000", CM_DATA},
      Case{ER_DATA_TOO_LONG, "22001", CM_DATA}, Case{ER_SIGNAL_EXCEPTION, "45000", CM_DATA});
  const Fault fault{c.number, c.sqlstate, "words"};
  INFO(c.number);

  CHECK(code_of(fault) == c.code);
  CHECK(to_error(fault, "doing", "t", "MariaDB", Endpoint()).retryable() ==
        (c.code == CM_UNAVAILABLE));
}

TEST_CASE("mysql: a full disk is told by its words too", "[mysql]") {
  CHECK(code_of({1030, "HY000", "Got error 28 \"No space left on device\" from storage engine"}) ==
        CM_FULL);
  CHECK(code_of({1026, "HY000", "Error writing file 'x' (Errcode: 28 \"No space left\")"}) ==
        CM_FULL);
}

TEST_CASE("mysql: a bad row's reject code and column come from the server's message", "[mysql]") {
  struct Case {
    unsigned number;
    const char* message;
    const char* code;
    const char* column;
  };
  const Case c = GENERATE(
      Case{1048, "Column 'name' cannot be null", "not_null", "name"},
      Case{1364, "Field 'name' doesn't have a default value", "not_null", "name"},
      Case{1062, "Duplicate entry '1' for key 'PRIMARY'", "not_unique", ""},
      Case{4025, "CONSTRAINT `t.c` failed for `d`.`t`", "check_failed", ""},
      Case{3819, "Check constraint 'c' is violated.", "check_failed", ""},
      Case{1452, "Cannot add or update a child row: ...", "no_such_reference", ""},
      Case{1406, "Data too long for column 'c' at row 3", "too_large", "c"},
      Case{1264, "Out of range value for column 'c' at row 1", "out_of_range", "c"},
      Case{1366, "Incorrect integer value: 'x' for column `d`.`t`.`c` at row 1", "wrong_type", "c"},
      Case{1366, "Incorrect integer value: 'for column `z`' for column `d`.`t`.`c` at row 1",
           "wrong_type", "c"},
      Case{1644, "a trigger's words", "constraint", ""});
  const Fault fault{c.number, "23000", c.message};
  INFO(c.message);

  CHECK(reject_code(fault) == c.code);
  CHECK(column_in(fault.message) == c.column);
}

TEST_CASE("mysql: the key of a duplicate is told whatever its value holds", "[mysql]") {
  CHECK(key_in("Duplicate entry '1-2' for key 'PRIMARY'") == "PRIMARY");
  CHECK(key_in("Duplicate entry 'x for key 'y'' for key 'by_name'") == "by_name");
  CHECK(key_in("Duplicate entry '1' for key 't.by_name'") == "by_name");
  CHECK(key_in("Column 'c' cannot be null").empty());
}

TEST_CASE("mysql: a password is taken out of messages, in either form", "[mysql]") {
  CHECK(without_password("user:p@ss/w at p%40ss%2Fw, p@ss/w", "p@ss/w") == "user:*** at ***, ***");
  CHECK(without_password("nothing", "") == "nothing");

  Endpoint endpoint;
  endpoint.password = "canary";
  const Error error = to_error({1045, "28000", "Access denied for 'canary'"},
                               "connecting as canary", "t", "MariaDB", endpoint);
  CHECK_THAT(error.what(), !Catch::Contains("canary"));
}

}  // namespace chunkmill::mysql
