// The parts of files that a source hands out as splits. Failure: Error. Threads: any.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/files/place.hpp"
#include "chunkmill/source.hpp"

namespace chunkmill::files {

// The size of parts for a file of that size: some 16 parts, of 4 to 64 MiB. It depends on the file
// alone, so that a run can be resumed by another number of workers.
inline uint64_t part_bytes(uint64_t file_size) {
  constexpr uint64_t kLeast = uint64_t{4} << 20;
  constexpr uint64_t kMost = uint64_t{64} << 20;
  return std::clamp(file_size / 16, kLeast, kMost);
}

struct FilePart {
  Split split;
  size_t file = 0;  // which of the source's files
  Place begin;
  uint64_t end = 0;  // offset behind it

  // `name` is stable for the same file, `path` is for people.
  FilePart(size_t index, const std::string& name, const std::string& path, Place first,
           uint64_t past)
      : file(index), begin(first), end(past) {
    split.id = name + "#" + std::to_string(begin.offset);
    split.where = path;
  }
  // Says in the split's `where` which part of the file it is.
  void name_bytes() {
    split.where += ", bytes " + std::to_string(begin.offset) + " to " + std::to_string(end);
  }
};

inline std::vector<Split> splits_of(const std::vector<FilePart>& parts) {
  std::vector<Split> splits;
  splits.reserve(parts.size());
  for (const FilePart& part : parts) splits.push_back(part.split);
  return splits;
}

// The part whose split has that id.
inline const FilePart& part_of(const std::vector<FilePart>& parts, std::string_view id) {
  const auto part = std::find_if(parts.begin(), parts.end(), [&](const FilePart& candidate) {
    return candidate.split.id == id;
  });
  if (part == parts.end())
    throw Error(CM_NOT_FOUND, "there is no split \"" + std::string(id) +
                                  "\" in this input; it was planned over other files");
  return *part;
}

}  // namespace chunkmill::files
