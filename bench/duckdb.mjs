// What a user of DuckDB would run instead: node duckdb.mjs MODE SUPPLIERS FACTORS [OUTPUT], from a folder with @duckdb/node-api.
// MODE: sum (two columns are enough for it), sum-all (all seven columns typed and touched), copy (the joined rows to OUTPUT);
// json-sum-all: sum-all, SUPPLIERS being JSON lines.
// Prints seconds of the query alone and its result, as one line of JSON.
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.cwd() + '/')('@duckdb/node-api');

const [mode, suppliers, factors, output] = process.argv.slice(2);
const columns = `columns = {
  supplier_id: 'VARCHAR', supplier_name: 'VARCHAR', country: 'VARCHAR', naics_code: 'VARCHAR',
  spend: 'DOUBLE', currency: 'VARCHAR', spend_date: 'DATE'}`;
const rows = mode === 'json-sum-all' ? `read_json('${suppliers}', format = 'newline_delimited', ${columns})`
  : `read_csv('${suppliers}', header = true, auto_detect = false, delim = ',', quote = '"', ${columns})`;
const table = `(select activity_code, value from read_csv('${factors}', header = true, all_varchar = true))`;
const joined = `from ${rows} s join (select activity_code, value::double as value from ${table}) f on s.naics_code = f.activity_code`;
const total = `sum(spend * value) as total, count(*) as rows`;
const queries = {
  sum: `select ${total} ${joined}`,
  'sum-all': `select ${total}, max(supplier_id), max(supplier_name), max(country), max(currency), max(spend_date) ${joined}`,
  copy: `copy (select s.*, value as factor, spend * value as emissions_kgco2e ${joined}) to '${output}' (header)`,
};
queries['json-sum-all'] = queries['sum-all'];

const instance = await DuckDBInstance.create(':memory:', { threads: process.env.BENCH_THREADS ?? '2' });
const connection = await instance.connect();
await connection.run('set preserve_insertion_order = false');
const begin = process.hrtime.bigint();
const reader = await connection.runAndReadAll(queries[mode]);
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
const result = reader.getRowsJson()[0]?.map(String);
console.log(JSON.stringify({ seconds, result }));
