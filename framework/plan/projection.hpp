// Which columns a source is made to read, and in which types.
#pragma once

#include <memory>
#include <string>

#include "framework/plugin/source.hpp"

namespace chunkmill::host {

struct Projection {
  std::shared_ptr<const Schema> read;  // what batches of the source hold from now on
  bool is_wanted = false;              // `read` is what was asked for; else the host casts
};

// Asks `source`, which has the columns `all`, for those of `wanted`. A source that cannot give them
// in these types is asked for them as it types them, and for `also` (if it has such a column)
// beside them; one that selects nothing gives all it has. Every column of `wanted` is in `all`.
Result<Projection> project(Source& source, const Schema& all, const Schema& wanted,
                           const std::string& also = {});

}  // namespace chunkmill::host
