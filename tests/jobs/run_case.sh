#!/usr/bin/env bash
# Runs one case in a copy of its folder and compares everything it says and leaves behind with what is expected.
#   run_case.sh CHUNKMILL CASE [PLUGINS]   compares; UPDATE=1 in the environment writes what was found as expected instead
#
# A case is a folder with
#   cmd         shell lines made of the words below, run in the copy
#   job.yaml    and in/, or whatever else cmd needs
#   expected/   transcript: what the commands of cmd said, and how they ended; and every file that cmd keeps
# Words for cmd:
#   run ARGUMENT...            runs chunkmill; standard error is marked with "! " in the transcript. What differs from run to
#                              run (times, rates, run ids, the folder) is masked
#   keep FILE                  FILE is compared whole with expected/FILE
#   table DATABASE TABLE [ORDER]   the table, as CSV, sorted as text or by ORDER, is compared with expected/TABLE.csv
#   say TEXT                   a line of the transcript
#   untouched                  says whether anything was made beside the case's own files
#   hold_lock DATABASE, release_lock    another process has a write transaction open meanwhile
#   unprivileged               from here on chunkmill runs as nobody, so that permissions count for root too
set -euo pipefail

chunkmill=$(readlink -f "$1")
case_folder=$(cd "$2" && pwd)
scratch=$(mktemp -d)
scratch=$(cd "$scratch" && pwd -P)
work=$scratch/case
found=$scratch/found
prefix=()
trap 'exec 8>&-; wait; rm -rf "$scratch"' EXIT
mkdir "$work" "$found"
cp -R "$case_folder/." "$work"
rm -rf "$work/expected" "$work/cmd"
cd "$work"
find . | LC_ALL=C sort >"$scratch/before"

export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
unset CHUNKMILL_FAILPOINT
export CHUNKMILL_PLUGIN_PATH=${3:-}

masked() {
  sed -E \
    -e "s#$work/?##g" \
    -e 's#\(searched: [^)]*\)#(searched: FOLDERS)#g' \
    -e 's#[0-9]{13}-[0-9a-f]{6}#RUN#g' \
    -e 's#_[0-9a-f]{8}-[0-9a-f]{8}\.state\.db#_ID.state.db#g' \
    -e 's#[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z (debug|info|warn|error)#TIME \1#' \
    -e 's#[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}#DAY AND TIME#' \
    -e 's#changed [0-9]{19}, head [0-9]+#changed THEN, head HASH#' \
    -e 's#[0-9a-f]{64}#SHA256#g' \
    -e 's#plugin file [^ ]*/#plugin file FOLDER/#' \
    -e 's#trying again in [0-9.:]+ (ms|s|min|h) #trying again in TIME #' \
    -e 's# in [0-9.:]+ (us|ms|s|min|h)(,|$)# in TIME\2#' \
    -e 's#pace  [0-9,]+ rows/s#pace  RATE rows/s#' \
    -e 's#"(started_ms|ended_ms|created_ms|time_seconds|[a-z]+_seconds|rows_per_second|throughput_per_hour)":[-+0-9.e]+#"\1":0#g'
}

say() { echo "$*" >>"$found/transcript"; }

run() {
  local code=0
  "${prefix[@]}" "$chunkmill" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
  {
    echo "\$ chunkmill $*" | masked
    masked <"$scratch/out"
    # How often a run says how far it is depends on the machine.
    sed -E '/^[^ ]+: [0-9,]+ rows.* (elapsed|left)$/d' "$scratch/err" | masked | sed 's/^/! /'
    echo "exit $code"
    echo
  } >>"$found/transcript"
}

keep() {
  mkdir -p "$found/$(dirname "$1")"
  cp "$1" "$found/$1"
}

table() {
  local rows
  rows=$(sqlite3 -csv -header "$1" "select * from $2 ${3:+order by $3}")
  {
    head -n 1 <<<"$rows"
    if [[ $# -gt 2 ]]; then tail -n +2 <<<"$rows"; else tail -n +2 <<<"$rows" | LC_ALL=C sort; fi
  } >"$found/$2.csv"
}

untouched() {
  if find . | LC_ALL=C sort | diff "$scratch/before" - >"$scratch/made"; then
    say "nothing was made"
  else
    say "made:" && sed -n 's/^> //p' "$scratch/made" >>"$found/transcript"
  fi
}

hold_lock() {
  mkfifo "$scratch/statements" "$scratch/answers"
  sqlite3 "$1" <"$scratch/statements" >"$scratch/answers" &
  exec 8>"$scratch/statements"
  printf 'begin immediate;\n.print locked\n' >&8
  read -r _ <"$scratch/answers"
}

release_lock() {
  exec 8>&-
  wait
}

unprivileged() {
  [[ $EUID -eq 0 ]] || return 0
  chmod 755 "$scratch"
  chown -R 65534:65534 "$work"
  prefix=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  "${prefix[@]}" test -x "$chunkmill" || exit 77
}

# shellcheck source=/dev/null
source "$case_folder/cmd"

if [[ -n ${UPDATE:-} ]]; then
  rm -rf "$case_folder/expected"
  cp -R "$found" "$case_folder/expected"
  exit 0
fi
diff -ru "$case_folder/expected" "$found"
