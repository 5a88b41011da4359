// How a statement uses `chunk`: what is allowed of it, and how it can be run. A result must come
// from one row of the chunk, whatever the size of the chunk is; so nothing may sum up, group or
// compare several of its rows. Threads: any.
#pragma once

#include "plugins/calculators/sql/tokens.hpp"

namespace chunkmill::select {

inline constexpr std::string_view kChunk = "chunk";

struct Scopes {
  // One pass over many rows gives what a pass for each of them would: `chunk`, or a query over it
  // of which the same holds, stands first in FROM, and nowhere else, and nothing is sorted, cut off
  // or united.
  bool one_pass = false;
  bool direct = false;      // it is chunk itself that stands in the outermost FROM
  bool over_chunk = false;  // its rows are rows of chunk, as they must be
  // The parts of the select list, of the first SELECT where several are united.
  std::vector<std::pair<size_t, size_t>> items{};
  // Those of all select lists, the inner ones too.
  std::vector<std::pair<size_t, size_t>> all_items{};
};

// Throws Error(CM_INVALID) with what is not allowed, and what to write instead.
Scopes scopes_of(const Tokens& tokens);

}  // namespace chunkmill::select
