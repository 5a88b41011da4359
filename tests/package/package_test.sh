#!/usr/bin/env bash
# Makes the Debian packages from what is built, unpacks them into a clean folder and uses them as a stranger would: example 010
# runs with the packaged program, and a plugin from the packaged template is built against the packaged SDK.
#   package_test.sh SOURCE BUILD
set -euo pipefail
source_folder=$1 build=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "package_test: $*" >&2 && exit 1; }

if ! command -v dpkg-shlibdeps >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "SKIPPED: dpkg-dev is not installed"
  exit 0
fi
(cd "$build" && cpack -B "$folder/packages" >"$folder/cpack.log" 2>&1) || fail "cpack: $(tail -20 "$folder/cpack.log")"
shopt -s nullglob
program=("$folder"/packages/chunkmill_*.deb) dev=("$folder"/packages/chunkmill-dev_*.deb)
((${#program[@]} == 1 && ${#dev[@]} == 1)) || fail "expected two packages, found: $(ls "$folder/packages")"

# What the program needs comes from its libraries, so that apt brings them.
depends=$(dpkg-deb -f "${program[0]}" Depends)
for library in libc6 libstdc++6 libyaml-cpp libsqlite3 libpq5 libmariadb3; do
  [[ $depends == *"$library"* ]] || fail "the package does not depend on $library: $depends"
done
dpkg-deb -f "${dev[0]}" Depends | grep -q '^chunkmill (= ' || fail "chunkmill-dev does not depend on its chunkmill"

root=$folder/root
dpkg-deb -x "${program[0]}" "$root"
chunkmill=$root/usr/bin/chunkmill
for kind in source calculator sink hook; do
  made=$(cd "$build/plugins" && echo "$kind".*.so) packed=$(cd "$root"/usr/lib*/chunkmill/plugins && echo "$kind".*.so)
  [[ $made == "$packed" ]] || fail "plugins built: $made; packed: $packed"
done

example=$folder/010
cp -r "$source_folder/examples/010_supplier_emissions" "$example"
code=0
(cd "$example" && env -i PATH=/usr/bin:/bin HOME="$folder" "$chunkmill" run job.yaml >"$folder/run.log" 2>&1) || code=$?
((code == 3)) || fail "example 010 ended with $code, expected 3 (rows were rejected): $(cat "$folder/run.log")"
rows=$(sqlite3 "$example/emissions.db" 'SELECT count(*) FROM emission_results')
wanted=$(($(wc -l <"$example/expected/emission_results.csv") - 1))
((rows == wanted)) || fail "example 010 wrote $rows rows, expected $wanted"

dpkg-deb -x "${dev[0]}" "$root"
(cd "$folder" && "$chunkmill" plugins new calculator tax >/dev/null)
cmake -G Ninja -S "$folder/tax" -B "$folder/tax/build" -D CMAKE_PREFIX_PATH="$root/usr" >"$folder/cmake.log" 2>&1 ||
  fail "configuring the plugin: $(tail -20 "$folder/cmake.log")"
cmake --build "$folder/tax/build" >"$folder/ninja.log" 2>&1 || fail "building the plugin: $(tail -20 "$folder/ninja.log")"
"$chunkmill" plugins check "$folder/tax/build/calculator.tax.so" >"$folder/check.log" 2>&1 || fail "plugins check: $(cat "$folder/check.log")"
