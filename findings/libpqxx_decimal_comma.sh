#!/usr/bin/env bash
# libpqxx 6 reads the start of a text as a floating-point number and drops the rest; for whole numbers it refuses the same kind of text.
#
# Version: libpqxx 6.4.5 (Debian 12: libpqxx-dev and libpqxx-6.4 6.4.5-2, with libpq5 15.20-0+deb12u1).
# Input: texts as they stand in text columns: a decimal comma, a thousands mark, a unit. row[0].as<double>() takes the same path.
# Behaviour: from_string for double gives 1 for "1,5", 12 for "12 345.60" and 3.5 for "3.5kg", without an exception. from_string for int throws
# "Unexpected text after integer" at the first character that does not belong to the number.
# Why it matters: amounts with a thousands mark or a decimal comma shrink in silence, and a test with whole numbers shows nothing.
# Way out: let the server cast (column::numeric), which refuses these texts, or parse with std::from_chars and look at the end.
#
# Output seen:
#   1,5: double 1, int refused
#   1,234.50: double 1, int refused
#   12 345.60: double 12, int refused
#   3.5kg: double 3.5, int refused
#   4 EUR: double 4, int refused
#   7: double 7, int 7
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download libpqxx-dev=6.4.5-2 libpqxx-6.4=6.4.5-2 libpq5=15.20-0+deb12u1 >&2
for package in *.deb; do dpkg -x "$package" root; done

cat >look.cpp <<'CPP'
#include <iostream>
#include <pqxx/strconv>

template <typename Number>
void show(const char *name, const char *text) {
    std::cout << ' ' << name << ' ';
    try {
        Number value{};
        pqxx::from_string(text, value);
        std::cout << value;
    } catch (const std::exception &) {
        std::cout << "refused";
    }
}

int main() {
    for (const char *text : {"1,5", "1,234.50", "12 345.60", "3.5kg", "4 EUR", "7"}) {
        std::cout << text << ':';
        show<double>("double", text);
        std::cout << ',';
        show<int>("int", text);
        std::cout << '\n';
    }
}
CPP
libraries=$(dirname "$(find root -name 'libpqxx-6.4.so' -print -quit)")
c++ -std=c++17 -Iroot/usr/include look.cpp "$libraries/libpqxx-6.4.so" -Wl,--allow-shlib-undefined -Wl,-rpath-link,"$libraries" -o look

seen=$(LD_LIBRARY_PATH=$libraries ./look)
echo "$seen"
expected='1,5: double 1, int refused
1,234.50: double 1, int refused
12 345.60: double 12, int refused
3.5kg: double 3.5, int refused
4 EUR: double 4, int refused
7: double 7, int 7'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
