#!/usr/bin/env bash
# PostgreSQL's COPY into a view counts rows that the view's trigger threw away; INSERT into the same view, and COPY into a table, do not.
#
# Version: PostgreSQL 15.20 (Debian 15.20-0+deb12u1).
# Input: two rows, sent by COPY and by INSERT to a table with a BEFORE trigger and to a view with an INSTEAD OF trigger. Both triggers
# use one function, which returns NULL: "nothing was done with this row".
# Behaviour: the table says COPY 0 and INSERT 0 0, the view says INSERT 0 0, but COPY into the view says COPY 2. All four store nothing.
# Why it matters: a loader that compares the command tag with the rows it sent, to see that none was lost, is told that all were stored.
# Way out: count in the table that the trigger fills, or load into a table and INSERT ... SELECT into the view.
#
# Output seen:
#   table: COPY 0, INSERT 0 0
#   view: COPY 2, INSERT 0 0
#   stored: 0
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
for package in postgresql-15 postgresql-client-15 libpq5; do
    apt-get -qq -o APT::Sandbox::User=root download "$package=15.20-0+deb12u1" >&2
done
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libpq.so.5' -print -quit | sed "s,^,$work/,")")

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

ask -q <<'SQL'
CREATE TABLE stored (id int);
CREATE TABLE entry (id int);
CREATE VIEW entry_view AS SELECT id FROM stored;
CREATE FUNCTION nothing_done() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER skip BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION nothing_done();
CREATE TRIGGER skip INSTEAD OF INSERT ON entry_view FOR EACH ROW EXECUTE FUNCTION nothing_done();
SQL
both() {
    local copied inserted
    copied=$(printf '1\n2\n' | ask -c "COPY $1 FROM STDIN")
    inserted=$(ask -c "INSERT INTO $1 VALUES (1), (2)")
    echo "$copied, $inserted"
}
seen="table: $(both entry)
view: $(both entry_view)
stored: $(ask -At -c 'SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM stored)')"
echo "$seen"
expected='table: COPY 0, INSERT 0 0
view: COPY 2, INSERT 0 0
stored: 0'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
