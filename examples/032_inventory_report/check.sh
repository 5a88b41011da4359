#!/usr/bin/env bash
# Runs the job in a folder of its own and compares all that it writes with expected/, byte by byte.
#   check.sh CHUNKMILL EXAMPLE      UPDATE=1 in the environment writes what was found as expected instead
set -euo pipefail

chunkmill=$1 example=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$example/." "$work"
rm -rf "$work/.chunkmill" "$work"/out/*

run() {
  "$chunkmill" run "$work/job.yaml" "$@"
  rm -f "$work"/out/*.chunkmill-ledger
}

run
if [[ -n ${UPDATE:-} ]]; then
  rm -rf "$example/expected"
  mkdir "$example/expected"
  cp "$work"/out/* "$example/expected/"
  exit 0
fi
diff -r -u --exclude=.gitignore "$example/expected" "$work/out"

# Once more from the beginning: the same bytes.
rm -rf "$work/.chunkmill" "$work"/out/*
run
diff -r -u --exclude=.gitignore "$example/expected" "$work/out"
