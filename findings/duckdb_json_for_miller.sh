#!/usr/bin/env bash
# DuckDB writes JSON lines that hold NaN and Infinity, which are not JSON: Miller refuses the file, and DuckDB itself reads it.
#
# Versions: DuckDB 1.5.6 (npm @duckdb/node-api 1.5.6-r.1), Miller 6.6.0 (Debian 6.6.0-2+b3), default options.
# Input: a table of ratios, one of them 1/0 and one 0/0, both legal DOUBLE values in DuckDB.
# Behaviour: COPY TO a .json file succeeds and writes the bare words NaN and Infinity. The file passes DuckDB's own reader, so a check
# there and back sees nothing. Miller stops at the first bare word, and no record reaches its output, not even those before it.
# Also seen: DECIMAL 1.10 is written as 1.1, so the scale is lost.
# Way out: CASE WHEN isfinite(x) THEN x END before COPY.
#
# Output seen:
#   {"k":1,"price":1.1,"ratio":0.5}
#   {"k":2,"price":1.1,"ratio":Infinity}
#   {"k":3,"price":1.1,"ratio":NaN}
#   duckdb reads: 1 0.5, 2 inf, 3 nan
#   miller: refused, records printed: 0
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @duckdb/node-api@1.5.6-r.1 >&2
apt-get -qq -o APT::Sandbox::User=root download miller=6.6.0-2+b3 >&2
dpkg -x miller_*.deb miller

cat >look.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create()).connect();
await connection.run(`COPY (SELECT k, 1.10::DECIMAL(10, 2) AS price, part::DOUBLE / whole AS ratio
                            FROM (VALUES (1, 1, 2), (2, 1, 0), (3, 0, 0)) v(k, part, whole)) TO 'ratios.json'`);
process.stdout.write(readFileSync('ratios.json', 'utf8'));
const answer = await connection.runAndReadAll("SELECT k, ratio::VARCHAR FROM read_json('ratios.json') ORDER BY k");
console.log('duckdb reads:', answer.getRowsJson().map((row) => row.join(' ')).join(', '));
JS

look() {
    node look.mjs
    if miller/usr/bin/mlr --ijsonl --ojsonl cat ratios.json >records 2>complaint; then word=taken; else word=refused; fi
    echo "miller: $word, records printed: $(grep -c . records || true)"
}
seen=$(look)
echo "$seen"
expected='{"k":1,"price":1.1,"ratio":0.5}
{"k":2,"price":1.1,"ratio":Infinity}
{"k":3,"price":1.1,"ratio":NaN}
duckdb reads: 1 0.5, 2 inf, 3 nan
miller: refused, records printed: 0'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
