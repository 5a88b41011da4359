// Writes gzip. Needs zlib; see gunzip.hpp for the way back.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <new>
#include <string>
#include <string_view>

#include "chunkmill/builder.hpp"
#include "chunkmill/error.hpp"

namespace chunkmill::files {

// Packs texts into gzip members. Members one behind the other are a gzip file too, so that a file
// can be cut at the end of any of them. The same text gives the same bytes. Threads: one at a time.
class GzipMembers {
 public:
  GzipMembers() {
    constexpr int kGzip = 16 + MAX_WBITS;
    if (deflateInit2(&zip_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
      throw std::bad_alloc();
  }
  ~GzipMembers() { deflateEnd(&zip_); }
  GzipMembers(const GzipMembers&) = delete;
  GzipMembers& operator=(const GzipMembers&) = delete;

  void append(std::string_view text, Buffer<char>* out) {
    constexpr size_t kStep = size_t{64} << 10;
    deflateReset(&zip_);
    int said = Z_OK;
    while (said != Z_STREAM_END) {
      const size_t feed = std::min<size_t>(text.size(), UINT_MAX);
      zip_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
      zip_.avail_in = static_cast<uInt>(feed);
      zip_.next_out = reinterpret_cast<Bytef*>(out->extend(kStep));
      zip_.avail_out = kStep;
      said = deflate(&zip_, feed == text.size() ? Z_FINISH : Z_NO_FLUSH);
      text.remove_prefix(feed - zip_.avail_in);
      out->advance(kStep - zip_.avail_out);
    }
  }

 private:
  z_stream zip_{};
};

}  // namespace chunkmill::files
