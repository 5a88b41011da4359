#!/usr/bin/env bash
# DuckDB writes an empty text and a NULL to CSV so that they differ, and its own reader takes both for NULL.
#
# Version: DuckDB 1.5.6 (npm @duckdb/node-api 1.5.6-r.1), default options on both sides.
# Input: one table with the text 'a', the empty text and NULL.
# Behaviour: COPY TO writes the empty text as two quotes and NULL as nothing: the file is right. read_csv gives NULL for both. The way
# there and back turns empty texts into NULLs, and a NOT NULL column refuses its own rows.
# Way out: allow_quoted_nulls = false when the file is read.
#
# Output seen:
#   written: k,t 1,a 2,"" 3,
#   read: 1=a 2=NULL 3=NULL
#   read, quoted nulls not allowed: 1=a 2= 3=NULL
#   into NOT NULL: refused
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @duckdb/node-api@1.5.6-r.1 >&2

cat >look.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create()).connect();
await connection.run("CREATE TABLE texts (k INTEGER, t VARCHAR); INSERT INTO texts VALUES (1, 'a'), (2, ''), (3, NULL)");
await connection.run("COPY texts TO 'texts.csv'");
console.log('written:', readFileSync('texts.csv', 'utf8').trim().split('\n').join(' '));
async function look(name, reader) {
  const answer = await connection.runAndReadAll(`SELECT k, t FROM ${reader} ORDER BY k`);
  console.log(name, answer.getRowsJson().map(([k, t]) => `${k}=${t ?? 'NULL'}`).join(' '));
}
await look('read:', "read_csv('texts.csv')");
await look('read, quoted nulls not allowed:', "read_csv('texts.csv', allow_quoted_nulls = false)");
// The two rows that had a text.
await connection.run('CREATE TABLE full_texts (k INTEGER, t VARCHAR NOT NULL); INSERT INTO full_texts VALUES (1, \'a\'), (2, \'\')');
await connection.run("COPY full_texts TO 'full.csv'; DELETE FROM full_texts");
const refused = await connection.run("COPY full_texts FROM 'full.csv'").then(() => false, (error) => /NOT NULL/.test(error.message));
console.log('into NOT NULL:', refused ? 'refused' : 'taken');
JS

seen=$(node look.mjs)
echo "$seen"
expected='written: k,t 1,a 2,"" 3,
read: 1=a 2=NULL 3=NULL
read, quoted nulls not allowed: 1=a 2= 3=NULL
into NOT NULL: refused'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
