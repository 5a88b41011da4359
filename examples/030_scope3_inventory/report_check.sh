#!/usr/bin/env bash
# Runs the job and then the report over its results, and compares what the report makes of each category with expected/report.csv.
#   report_check.sh CHUNKMILL      UPDATE=1 in the environment writes what was found as expected instead
set -euo pipefail

chunkmill=$1 example=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$example/." "$work"
rm -rf "$work"/emissions.db* "$work/.chunkmill" "$work"/out/*

"$chunkmill" run "$work/job.yaml" || [[ $? -eq 3 ]] # 3: with rejects
"$chunkmill" run "$work/report.yaml"
# Tonnes to the kilogram: the last digits of a way between airports differ from processor to processor.
sqlite3 -csv -header :memory: ".import --csv $work/out/categories.csv c" \
  "select category, name, status, printf('%.3f', emissions_tco2e) as tonnes, printf('%.3f', optional_kgco2e / 1000.0) as optional,
     printf('%.3f', investee_scope3_kgco2e / 1000.0) as scope3_of_investees, printf('%.3f', biogenic_co2_kg / 1000.0) as biogenic_co2,
     printf('%.1f', primary_data_percent) as primary_percent from c" | tr -d '\r' >"$work/report.csv"
if [[ -n ${UPDATE:-} ]]; then
  cp "$work/report.csv" "$example/expected/report.csv"
else
  diff -u "$example/expected/report.csv" "$work/report.csv"
fi
