#!/usr/bin/env bash
# pgloader ends with status 0 when rows were refused, counts each of them twice, and fills or cuts rows of another width in silence.
#
# Versions: pgloader 3.6.9 (Debian 3.6.9-1), PostgreSQL 15.20 (Debian 15.20-0+deb12u1), default options of LOAD CSV.
# Input: five CSV rows for three columns: a good one, one with a text too long for varchar(3), a good one, one field short, one field over.
# Behaviour: the status is 0, as after a load without faults. The summary shows two errors for the one row that PostgreSQL refused; only
# the reject file tells the true number. The short row is stored with NULL for its last column, and the field too many is dropped:
# neither is an error, a warning or a reject.
# Way out: compare the table's rows with the file's, read the reject file, and check the width of the rows before the load.
#
# Output seen:
#   status 0, errors 2, rows 4, rejected rows 1
#   1|abc|2024-01-01
#   3|def|2024-01-03
#   4|ghi|NULL
#   5|jkl|2024-01-05
set -euo pipefail

work=$(mktemp -d)
root=$work/root
bin=$root/usr/lib/postgresql/15/bin
as_owner=()
stop() {
    [ ! -f "$work/data/postmaster.pid" ] || "${as_owner[@]}" "$bin/pg_ctl" -D "$work/data" -s -m immediate stop || true
    rm -rf "$work"
}
trap stop EXIT
cd "$work"
for package in pgloader=3.6.9-1 {postgresql-15,postgresql-client-15,libpq5}=15.20-0+deb12u1; do
    apt-get -qq -o APT::Sandbox::User=root download "$package" >&2
done
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(find "$root" -name 'libpq.so.5' -print -quit)")

# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
    chown nobody "$work"
    chmod 755 "$work"
    as_owner=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
fi
"${as_owner[@]}" "$bin/initdb" -D data -U owner -A trust --no-sync --no-instructions -E UTF8 --locale=C.UTF-8 -L "$root/usr/share/postgresql/15" \
    >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
"${as_owner[@]}" "$bin/pg_ctl" -D data -s -w -l "$work/data/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$work'" start || { cat data/log >&2; exit 1; }
ask() { "$bin/psql" -X -h "$work" -U owner -d postgres -v ON_ERROR_STOP=1 "$@"; }

ask -q -c 'CREATE TABLE orders (id int, word varchar(3), day date)'
cat >orders.csv <<'CSV'
1,abc,2024-01-01
2,abcdef,2024-01-02
3,def,2024-01-03
4,ghi
5,jkl,2024-01-05,more
CSV
cat >orders.load <<END
LOAD CSV FROM '$work/orders.csv' (id, word, day)
  INTO postgresql://owner@unix:$work:5432/postgres
  TARGET TABLE orders (id, word, day)
  WITH fields terminated by ',';
END

status=0
root/usr/bin/pgloader --root-dir "$work/faults" orders.load >report 2>&1 || status=$?
read -r errors rows < <(awk '$1 ~ /orders"$/ { print $2, $3 }' report)
rejected=$(find faults -name '*.dat' -exec cat {} + | grep -c . || true)
seen="status $status, errors $errors, rows $rows, rejected rows $rejected
$(ask -At -P null=NULL -c 'SELECT * FROM orders ORDER BY id')"
echo "$seen"
expected='status 0, errors 2, rows 4, rejected rows 1
1|abc|2024-01-01
3|def|2024-01-03
4|ghi|NULL
5|jkl|2024-01-05'
[ "$seen" = "$expected" ] || { cat report >&2; echo 'The behaviour changed.' >&2; exit 1; }
