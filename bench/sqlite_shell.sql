-- What a user of the sqlite3 shell would run instead; bench/run puts in the paths.
pragma journal_mode = wal;
pragma synchronous = normal;
create table suppliers (supplier_id text, supplier_name text, country text, naics_code text, spend real, currency text,
                        spend_date text);
create table factors (activity_code text primary key, factor_id text, value real) without rowid;
create table emission_results (supplier_id text, supplier_name text, country text, naics_code text, spend real, currency text,
                               spend_date text, category integer, method text, activity_amount real, activity_unit text,
                               factor_id text, factor_value real, emissions_kgco2e real, flags text, result_id text);
.mode csv
.import @FACTORS@ factor_rows
insert into factors select activity_code, factor_id, value from factor_rows;
.import --skip 1 @INPUT@ suppliers
-- The same sixteen columns as our table; its hash for the id is beyond the shell, so a number of the same width stands for it.
insert into emission_results
select supplier_id, supplier_name, country, naics_code, spend, currency, spend_date, 1, 'spend_based', spend, currency,
       factor_id, value, spend * value, '', printf('%016x', suppliers.rowid)
from suppliers join factors on activity_code = naics_code;
