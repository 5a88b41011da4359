// Reads gzip as it comes: any number of members one behind the other, and zeros behind the last
// one, with which tapes and block devices fill up a block. Needs zlib.
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
#include "chunkmill/files/packed.hpp"

namespace chunkmill::files {

// What `inner` holds, unpacked. Damaged or cut off input is Error(CM_IO) naming `name`, and so are
// bytes other than zeros behind the last member, and whatever follows zeros: gzip(1) passes those
// over with a warning, and rows might be among them.
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
      if (!in_member_ && !begin_member()) continue;
      const int said = inflate(&zip_, Z_NO_FLUSH);
      if (said == Z_STREAM_END) {
        in_member_ = false;
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
  // Looks at what stands behind a member: true when another one begins there, false for zeros,
  // which are passed.
  bool begin_member() {
    const auto* const bytes = reinterpret_cast<const char*>(zip_.next_in);
    const std::string_view ahead(bytes, zip_.avail_in);
    const size_t zeros = std::min(ahead.find_first_not_of('\0'), ahead.size());
    padded_ |= zeros > 0;
    zip_.next_in += zeros;
    zip_.avail_in -= static_cast<uInt>(zeros);
    if (zeros == ahead.size()) return false;
    if (padded_ || ahead[0] != '\x1f')
      throw Error(CM_IO, name_ +
                             " has bytes behind its gzip data that are not zeros; unpack it with " +
                             "gzip to see what is missing, or get the file again")
          .at(name_);
    in_member_ = true;
    return true;
  }
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
  bool padded_ = false;    // zeros were seen behind a member
  bool in_member_ = true;  // an input without a byte is cut off as well
};

}  // namespace chunkmill::files
