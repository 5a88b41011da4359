#!/usr/bin/env bash
# simdjson's two readers disagree about which value a key names: On-Demand misses an escaped key, and answers differently when asked twice.
#
# Version: simdjson 3.0.1 (Debian 12: libsimdjson-dev and libsimdjson14 3.0.1-1).
# Input: {"na\u006de":1,"d":1,"d":2}. This is valid JSON: \u006d is another way to write m, and a repeated key is allowed.
# Behaviour: the DOM finds "name". On-Demand compares the bytes as they are written and says that the field does not exist. For the
# repeated key the DOM gives the first value each time. On-Demand goes on from where it stopped: the same expression gives 1, 2, 1.
# Why it matters: some writers escape more than they must, and a reader that looks twice at a field (a check, then the value) checks
# one value and takes the other.
# Way out: walk the fields once, with unescaped_key(), and refuse a key that comes twice.
#
# Output seen:
#   name: dom 1, on-demand not found
#   d, asked three times: dom 1 1 1, on-demand 1 2 1
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq -o APT::Sandbox::User=root download libsimdjson-dev=3.0.1-1 libsimdjson14=3.0.1-1 >&2
for package in *.deb; do dpkg -x "$package" root; done

cat >look.cpp <<'CPP'
#include <cstdint>
#include <iostream>
#include <simdjson.h>
#include <utility>

template <typename Answer>
void show(Answer &&answer) {
    std::int64_t value = 0;
    if (std::forward<Answer>(answer).get(value) == simdjson::SUCCESS)
        std::cout << value;
    else
        std::cout << "not found";
}

int main() {
    const simdjson::padded_string text(std::string(R"({"na\u006de":1,"d":1,"d":2})"));
    simdjson::dom::parser whole;
    simdjson::ondemand::parser stepwise;
    simdjson::dom::element tree = whole.parse(text);
    {
        simdjson::ondemand::document document = stepwise.iterate(text);
        std::cout << "name: dom ";
        show(tree["name"]);
        std::cout << ", on-demand ";
        show(document["name"].get_int64());
    }
    simdjson::ondemand::document document = stepwise.iterate(text);
    std::cout << "\nd, asked three times: dom";
    for (int time = 0; time < 3; ++time) {
        std::cout << ' ';
        show(tree["d"]);
    }
    std::cout << ", on-demand";
    for (int time = 0; time < 3; ++time) {
        std::cout << ' ';
        show(document["d"].get_int64());
    }
    std::cout << '\n';
}
CPP
libraries=$(dirname "$(find root -name 'libsimdjson.so.14*' -print -quit)")
c++ -std=c++17 -O1 -Iroot/usr/include look.cpp -L"$libraries" -lsimdjson -o look

seen=$(LD_LIBRARY_PATH=$libraries ./look)
echo "$seen"
expected='name: dom 1, on-demand not found
d, asked three times: dom 1 1 1, on-demand 1 2 1'
[ "$seen" = "$expected" ] || { echo 'The behaviour changed.' >&2; exit 1; }
