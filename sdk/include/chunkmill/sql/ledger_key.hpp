// What stands in the columns of the ledger's tables: keys (a job's id, a run, a split), and how
// many rows of each table are stored.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "chunkmill/hash.hpp"

namespace chunkmill::sql {

// A text as it stands in the tables' keys: databases limit the length of those.
inline std::string key(std::string_view text) {
  constexpr size_t kLongest = 180;
  if (text.size() <= kLongest) return std::string(text);
  size_t size = kLongest - 17;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  // What is cut off is told apart by its hash.
  return std::string(text.substr(0, size)) + "~" + hex64(stable_hash(text));
}

// The job's id without what stands behind a slash: one of its shards, a replay.
inline std::string_view without_part(std::string_view job) {
  return job.substr(0, std::min(job.find("/shard-"), job.find("/replay")));
}

// "loads" in "loads@1a2b3c4d", the id of a job that has no `id:`; empty for any other id.
inline std::string_view name_in(std::string_view job) {
  constexpr size_t kDigits = 8;
  const std::string_view id = without_part(job);
  const size_t at = id.rfind('@');
  if (at == std::string_view::npos || id.size() != at + 1 + kDigits) return {};
  const bool is_hash = id.find_first_not_of("0123456789abcdef", at + 1) == std::string_view::npos;
  return is_hash ? id.substr(0, at) : std::string_view();
}

// "12,0": a number for each table, in their order.
inline std::string text_of(const std::vector<int64_t>& counts) {
  std::string text;
  for (const int64_t count : counts) text += (text.empty() ? "" : ",") + std::to_string(count);
  return text;
}

// -1 for each table where `text` is none, or is not such a text.
inline std::vector<int64_t> counts_in(const std::string* text, size_t tables) {
  std::vector<int64_t> counts(tables, -1);
  if (text == nullptr) return counts;
  const char* at = text->data();
  const char* const end = at + text->size();
  for (int64_t& number : counts) {
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::vector<int64_t>(tables, -1);
    at = next == end ? end : next + 1;
  }
  return counts;
}

}  // namespace chunkmill::sql
