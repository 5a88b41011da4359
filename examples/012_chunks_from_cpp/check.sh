#!/usr/bin/env bash
# Runs the program over a copy of the example and compares what it prints.
set -euo pipefail
program=$1 example=$(cd "$2" && pwd) plugins=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/012" && cp "$example/job.yaml" "$work/012/"
cp -R "$example/../010_supplier_emissions" "$work/010_supplier_emissions"
"$program" "$work/012/job.yaml" "$plugins" 2>/dev/null | diff -u "$example/expected.txt" -
