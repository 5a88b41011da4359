// Sentences for people about text that is not JSON. The parser says only that something is wrong;
// these name it and its place, as "byte 12", counted from 1. Threads: any. Failure: none.
#pragma once

#include <string>
#include <string_view>

namespace chunkmill::jsonl {

// Why the record is not one JSON object; empty when nothing is found.
std::string explain_json(std::string_view record);

// Why bytes are not UTF-8.
std::string explain_bytes(std::string_view record);

// What a record is that does not begin with a brace.
std::string explain_other(std::string_view record);

}  // namespace chunkmill::jsonl
