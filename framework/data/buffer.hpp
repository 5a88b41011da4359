// Buffer: bytes that grow and are never zeroed for nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

namespace chunkmill::host {

// Memory for one Arrow buffer under construction. Aligned as operator new aligns (16 bytes or
// better). Move only.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&&) = default;
  Buffer& operator=(Buffer&&) = default;

  size_t size() const { return size_; }
  uint8_t* data() { return bytes_.get(); }
  const uint8_t* data() const { return bytes_.get(); }

  // Never null afterwards, also for 0 bytes.
  void reserve(size_t capacity) {
    if (bytes_ && capacity <= capacity_) return;
    capacity = std::max<size_t>(capacity, 64);
    auto larger = std::make_unique_for_overwrite<uint8_t[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  // `count` more bytes at the end, their content undefined; valid until the buffer grows again.
  uint8_t* grow(size_t count) {
    if (capacity_ - size_ < count || !bytes_) reserve(std::max(size_ + count, capacity_ * 2));
    uint8_t* fresh = bytes_.get() + size_;
    size_ += count;
    return fresh;
  }

  void append(const void* bytes, size_t count) {
    if (count > 0) std::memcpy(grow(count), bytes, count);
  }

 private:
  std::unique_ptr<uint8_t[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace chunkmill::host
