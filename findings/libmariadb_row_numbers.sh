#!/usr/bin/env bash
# MariaDB's warnings name the wrong row of a bound array when rows before it are skipped by STMT_INDICATOR_IGNORE_ROW.
#
# Versions: MariaDB Connector/C and server 10.11.19 (Debian 1:10.11.19-0+deb12u1), sql_mode empty so that long texts are cut with a warning.
# Input: an array of five rows for INSERT, bound with STMT_ATTR_ARRAY_SIZE. Rows 1 and 2 carry STMT_INDICATOR_IGNORE_ROW. Rows 1, 3 and 5
# have a text too long for varchar(3).
# Behaviour: the client leaves skipped rows out of what it sends, and the server numbers those it gets. The warnings for rows 3 and 5
# of the program's array say "row 1" and "row 3", and both numbers are rows of the array as well: nothing looks odd.
# Without skipped rows the numbers are those of the array.
# Why it matters: a loader that skips rows it has seen before, and reports or retries by the number in the warning, picks good rows.
# Way out: keep the places of the rows that are sent, or pack the array before it is bound.
#
# Output seen (each row is the end of "Data truncated for column 'word' at row N"):
#   nothing skipped: warnings: row 1; row 3; row 5, stored: 1 2 3 4 5
#   rows 1 and 2 skipped: warnings: row 1; row 3, stored: 3 4 5
set -euo pipefail

work=$(mktemp -d)
root=$work/root
server=
stop() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } || true
    rm -rf "$work"
}
trap stop EXIT
cd "$work"
for package in mariadb-server-core mariadb-client-core libmariadb3 libmariadb-dev; do
    apt-get -qq -o APT::Sandbox::User=root download "$package=1:10.11.19-0+deb12u1" >&2
done
for package in *.deb; do dpkg -x "$package" root; done

# The server does not like to run as root.
as_owner=()
if [ "$(id -u)" = 0 ]; then
    chown nobody "$work"
    chmod 755 "$work"
    as_owner=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
fi
"${as_owner[@]}" "$root/usr/bin/mariadb-install-db" --no-defaults --basedir="$root/usr" --datadir="$work/data" --tmpdir="$work" \
    --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1 || { cat install.log >&2; exit 1; }
"${as_owner[@]}" "$root/usr/sbin/mariadbd" --no-defaults --basedir="$root/usr" --datadir="$work/data" --tmpdir="$work" --socket="$work/socket" \
    --pid-file="$work/data/pid" --skip-networking --log-error="$work/data/log" </dev/null >server.log 2>&1 &
server=$!
for ((tries = 0; tries < 300; ++tries)); do
    [ ! -S socket ] || break
    kill -0 "$server" || { cat data/log >&2; exit 1; }
    sleep 0.1
done

cat >look.c <<'C'
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MYSQL *server;

static void check(int failed, const char *message) {
    if (failed) {
        fprintf(stderr, "%s\n", message);
        exit(2);
    }
}

static void ask(const char *sql) {
    check(mysql_query(server, sql), mysql_error(server));
}

static void show(const char *sql, int column, const char *between) {
    ask(sql);
    MYSQL_RES *answer = mysql_store_result(server);
    const char *separator = "";
    for (MYSQL_ROW row; (row = mysql_fetch_row(answer)); separator = between)
        printf("%s%s", separator, row[column]);
    mysql_free_result(answer);
}

static void load(const char *name, char *skipped) {
    int numbers[] = {1, 2, 3, 4, 5};
    char *words[] = {"longer", "b", "too long", "d", "longest"};
    unsigned long lengths[] = {6, 1, 8, 1, 7};
    unsigned int rows = 5;
    MYSQL_BIND binds[2];
    memset(binds, 0, sizeof binds);
    binds[0].buffer_type = MYSQL_TYPE_LONG;
    binds[0].buffer = numbers;
    binds[0].u.indicator = skipped;
    binds[1].buffer_type = MYSQL_TYPE_STRING;
    binds[1].buffer = words;
    binds[1].length = lengths;

    ask("TRUNCATE loaded");
    MYSQL_STMT *insert = mysql_stmt_init(server);
    const char *sql = "INSERT INTO loaded VALUES (?, ?)";
    check(mysql_stmt_prepare(insert, sql, strlen(sql)), mysql_stmt_error(insert));
    check(mysql_stmt_attr_set(insert, STMT_ATTR_ARRAY_SIZE, &rows), mysql_stmt_error(insert));
    check(mysql_stmt_bind_param(insert, binds), mysql_stmt_error(insert));
    check(mysql_stmt_execute(insert), mysql_stmt_error(insert));
    printf("%s: warnings: ", name);
    show("SHOW WARNINGS", 2, "; ");
    printf(", stored: ");
    show("SELECT number FROM loaded ORDER BY number", 0, " ");
    printf("\n");
    mysql_stmt_close(insert);
}

int main(int count, char **arguments) {
    check(count != 2, "usage: look SOCKET");
    server = mysql_init(NULL);
    check(!mysql_real_connect(server, NULL, "root", "", NULL, 0, arguments[1], 0), mysql_error(server));
    ask("SET sql_mode = ''");
    ask("CREATE DATABASE finding");
    ask("USE finding");
    ask("CREATE TABLE loaded (number int PRIMARY KEY, word varchar(3)) ENGINE = InnoDB");
    char none[] = {STMT_INDICATOR_NONE, STMT_INDICATOR_NONE, STMT_INDICATOR_NONE, STMT_INDICATOR_NONE, STMT_INDICATOR_NONE};
    char first_two[] = {STMT_INDICATOR_IGNORE_ROW, STMT_INDICATOR_IGNORE_ROW, STMT_INDICATOR_NONE, STMT_INDICATOR_NONE, STMT_INDICATOR_NONE};
    load("nothing skipped", none);
    load("rows 1 and 2 skipped", first_two);
    mysql_close(server);
    return 0;
}
C
libraries=$(dirname "$(find "$root" -name 'libmariadb.so.3' -print -quit)")
cc -I"$root/usr/include/mariadb" look.c "$libraries/libmariadb.so.3" -o look

seen=$(LD_LIBRARY_PATH=$libraries ./look "$work/socket" | sed "s/Data truncated for column 'word' at //g")
echo "$seen"
expected='nothing skipped: warnings: row 1; row 3; row 5, stored: 1 2 3 4 5
rows 1 and 2 skipped: warnings: row 1; row 3, stored: 3 4 5'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
