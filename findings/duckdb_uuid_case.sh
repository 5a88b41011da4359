#!/usr/bin/env bash
# DuckDB reads a JSON string that looks like a UUID as a UUID, and so changes the text: capitals become small letters.
#
# Version: DuckDB 1.5.6 (npm @duckdb/node-api 1.5.6-r.1), default options.
# Input: the same two keys as JSON lines and as CSV, one in capitals.
# Behaviour: read_json gives the column the type UUID and the text comes out in small letters. read_csv keeps the same text as VARCHAR.
# A join of the two sources as text therefore loses rows, and a file that goes through read_json is not what it was.
# Way out: columns = {id: 'VARCHAR'}.
#
# Output seen:
#   json UUID 6f1c2a34-0b5d-4e6f-8a9b-0c1d2e3f4a5b
#   csv VARCHAR 6F1C2A34-0B5D-4E6F-8A9B-0C1D2E3F4A5B
#   rows that meet as text: 1 of 2
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @duckdb/node-api@1.5.6-r.1 >&2

capitals=6F1C2A34-0B5D-4E6F-8A9B-0C1D2E3F4A5B
small=7f1c2a34-0b5d-4e6f-8a9b-0c1d2e3f4a5b
printf '{"id":"%s"}\n' "$capitals" "$small" >keys.jsonl
printf '%s\n' id "$capitals" "$small" >keys.csv
cat >look.mjs <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create()).connect();
const ask = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson()[0];
console.log('json', ...(await ask("SELECT typeof(id), id::VARCHAR FROM read_json('keys.jsonl') LIMIT 1")));
console.log('csv', ...(await ask("SELECT typeof(id), id::VARCHAR FROM read_csv('keys.csv') LIMIT 1")));
const met = await ask("SELECT count(*) FROM read_json('keys.jsonl') j JOIN read_csv('keys.csv') c ON j.id::VARCHAR = c.id");
console.log('rows that meet as text:', met[0], 'of 2');
JS

seen=$(node look.mjs)
echo "$seen"
expected='json UUID 6f1c2a34-0b5d-4e6f-8a9b-0c1d2e3f4a5b
csv VARCHAR 6F1C2A34-0B5D-4E6F-8A9B-0C1D2E3F4A5B
rows that meet as text: 1 of 2'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
