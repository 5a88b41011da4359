-- What a user of the sqlite3 shell would run instead; bench/run puts in the paths.
pragma journal_mode = wal;
pragma synchronous = normal;
create table suppliers (supplier_id text, supplier_name text, country text, naics_code text, spend real, currency text,
                        spend_date text);
create table factors (activity_code text primary key, value real) without rowid;
create table emission_results (supplier_id text, supplier_name text, country text, naics_code text, spend real, currency text,
                               spend_date text, category integer, method text, factor real, emissions_kgco2e real);
.mode csv
.import @FACTORS@ factor_rows
insert into factors select activity_code, value from factor_rows;
.import --skip 1 @INPUT@ suppliers
insert into emission_results
select supplier_id, supplier_name, country, naics_code, spend, currency, spend_date, 1, 'spend_based', value, spend * value
from suppliers join factors on activity_code = naics_code;
