#!/usr/bin/env bash
# Runs an example's job in a folder of its own, and compares what expected/emission_results.sql then selects, sorted, with
# expected/emission_results.csv; and, where there is an expected/rejects.txt, the list of rejects with that.
#   check.sh CHUNKMILL EXAMPLE EXPECTED_EXIT_CODE [FILE_OF_SHARED...]
# Ends with 77, which CTest shows as skipped, when one of the named files of the shared data is not there.
set -euo pipefail

chunkmill=$1 example=$(cd "$2" && pwd) wanted=$3
shift 3
export CHUNKMILL_SHARED=${CHUNKMILL_SHARED:-$(dirname "$example")/../../shared/data}
for file in "$@"; do
  if [[ ! -e $CHUNKMILL_SHARED/$file ]]; then
    echo "SKIPPED: there is no $CHUNKMILL_SHARED/$file (CHUNKMILL_SHARED says where the shared data lie)"
    exit 77
  fi
done
[[ $# -eq 0 ]] || CHUNKMILL_SHARED=$(cd "$CHUNKMILL_SHARED" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$example/." "$work"
rm -rf "$work"/emissions.db* "$work/.chunkmill" # what a run by hand left

run() {
  local code=0
  "$chunkmill" run "$work/job.yaml" || code=$?
  [[ $code -eq $1 ]] || { echo "exit code $code where $1 was expected" >&2; exit 1; }
}

# The rows, their header first.
table() {
  sqlite3 -csv -header "$work/emissions.db" <"$example/expected/emission_results.sql" | tr -d '\r' >"$work/table.csv"
  head -n 1 "$work/table.csv"
  tail -n +2 "$work/table.csv" | LC_ALL=C sort
}

run "$wanted"
table | diff -u "$example/expected/emission_results.csv" -
if [[ -e $example/expected/rejects.txt ]]; then
  "$chunkmill" rejects list "$work/job.yaml" --limit 1000 | sed -n '/^id/,$p' | diff -u "$example/expected/rejects.txt" -
fi
run 0 # the same command again: nothing to do
table | diff -u "$example/expected/emission_results.csv" -
