#!/usr/bin/env bash
# DuckDB changes numbers in silence when they come after the rows that it looked at to choose a type.
#
# Version: DuckDB 1.5.6 (npm @duckdb/node-api 1.5.6-r.1), default options.
# Input: 30000 records with whole numbers, then one with 2.5. The JSON lines end with one more, which holds true.
# Behaviour: the first records make the column a BIGINT. read_json then cuts 2.5 to 2, and read_csv rounds it to 3. read_json turns
# true into 1. Nobody is told. A text that is not a number ("none") is an error in the same place, so a reader trusts the silence.
# Way out: name the types (columns = {...}), or let it look at every row (sample_size = -1), which makes the column DOUBLE or JSON.
#
# Output seen:
#   json BIGINT 2 1
#   json, all rows looked at: JSON 2.5 true
#   csv BIGINT 3
#   csv, all rows looked at: DOUBLE 2.5
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @duckdb/node-api@1.5.6-r.1 >&2

{ seq 30000 | sed 's/.*/{"n":&}/'; printf '{"n":2.5}\n{"n":true}\n'; } >late.jsonl
{ echo 'n,word'; seq 30000 | sed 's/$/,x/'; echo '2.5,x'; } >late.csv
cat >look.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create()).connect();
async function look(name, reader) {
  const answer = await connection.runAndReadAll(`SELECT typeof(n) AS type, n::VARCHAR AS n FROM ${reader} OFFSET 30000`);
  const rows = answer.getRowsJson();
  console.log(name, rows[0][0], rows.map((row) => row[1]).join(' '));
}
await look('json', "read_json('late.jsonl')");
await look('json, all rows looked at:', "read_json('late.jsonl', sample_size = -1)");
await look('csv', "read_csv('late.csv')");
await look('csv, all rows looked at:', "read_csv('late.csv', sample_size = -1)");
JS

seen=$(node look.mjs)
echo "$seen"
expected='json BIGINT 2 1
json, all rows looked at: JSON 2.5 true
csv BIGINT 3
csv, all rows looked at: DOUBLE 2.5'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
