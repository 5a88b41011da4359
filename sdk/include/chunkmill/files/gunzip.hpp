// Reads gzip as it comes: any number of members one behind the other. Needs zlib.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/files/byte_stream.hpp"

namespace chunkmill::files {

// True when the bytes begin as a gzip file does.
inline bool looks_like_gzip(std::string_view head) { return head.starts_with("\x1f\x8b\x08"); }

// What `inner` holds, unpacked. Damaged or cut off input is Error(CM_IO) naming `name`.
class GunzipStream final : public ByteStream {
 public:
  GunzipStream(std::unique_ptr<ByteStream> inner, std::string name)
      : inner_(std::move(inner)), name_(std::move(name)), packed_(size_t{1} << 16) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&zip_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GunzipStream() override { inflateEnd(&zip_); }
  GunzipStream(const GunzipStream&) = delete;
  GunzipStream& operator=(const GunzipStream&) = delete;

  size_t read(char* out, size_t room) override {
    zip_.next_out = reinterpret_cast<Bytef*>(out);
    zip_.avail_out = static_cast<uInt>(std::min<size_t>(room, UINT_MAX));
    const uInt asked = zip_.avail_out;
    while (zip_.avail_out == asked && refill()) {
      const int said = inflate(&zip_, Z_NO_FLUSH);
      in_member_ = said != Z_STREAM_END;
      if (said == Z_STREAM_END) {
        inflateReset(&zip_);
      } else if (said != Z_OK && said != Z_BUF_ERROR) {
        throw Error(CM_IO, name_ + " is damaged: gzip says \"" +
                               (zip_.msg != nullptr ? zip_.msg : "bad data") +
                               "\"; get the file again")
            .at(name_);
      }
    }
    return asked - zip_.avail_out;
  }

 private:
  // Something to unpack; false at the end.
  bool refill() {
    if (zip_.avail_in > 0) return true;
    const size_t got = inner_->read(packed_.data(), packed_.size());
    zip_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    zip_.avail_in = static_cast<uInt>(got);
    if (got > 0) return true;
    if (in_member_)
      throw Error(CM_IO, name_ + " is cut off: its gzip data ends too soon; get the file again")
          .at(name_);
    return false;
  }

  std::unique_ptr<ByteStream> inner_;
  std::string name_;
  std::vector<char> packed_;
  z_stream zip_{};
  bool in_member_ = true;  // an input without a byte is cut off as well
};

}  // namespace chunkmill::files
