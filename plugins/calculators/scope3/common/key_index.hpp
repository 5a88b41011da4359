// Finds a number by a text key: a flat table with open addressing. Codes of up to 7 bytes (NAICS,
// units, currencies) are compared as one 64-bit integer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {

class KeyIndex {
 public:
  static constexpr uint32_t kAbsent = UINT32_MAX;

  // False when the key is there already: its value stays.
  bool insert(std::string_view key, uint32_t value) {
    // So roomy that most keys are in the first place that is looked at.
    if (ends_.size() * 4 > slots_.size()) grow();
    const uint64_t packed = pack(key);
    Slot& slot = slots_[place(packed, key)];
    if (slot.packed != 0) return false;
    slot = {packed, value, static_cast<uint32_t>(size())};
    texts_ += key;
    ends_.push_back(texts_.size());
    return true;
  }
  uint32_t find(std::string_view key) const {
    if (slots_.empty()) return kAbsent;
    const uint64_t packed = pack(key);
    const Slot& slot = slots_[place(packed, key)];
    return slot.packed == 0 ? kAbsent : slot.value;
  }
  size_t size() const { return ends_.size() - 1; }
  // The i-th that was inserted; valid until the next insert().
  std::string_view key(size_t i) const {
    return std::string_view(texts_).substr(ends_[i], ends_[i + 1] - ends_[i]);
  }
  // All of them, in the order of insertion.
  std::vector<std::string> keys() const {
    std::vector<std::string> out;
    for (size_t i = 0; i < size(); ++i) out.emplace_back(key(i));
    return out;
  }

 private:
  struct Slot {
    uint64_t packed = 0;  // never 0 for a key: the top byte holds its size, or 0xFF for long keys
    uint32_t value = 0;
    uint32_t key = 0;
  };
  static constexpr uint64_t kLong = uint64_t{0xFF} << 56;

  static uint64_t pack(std::string_view key) {
    if (key.size() <= 7) [[likely]]
      return Hasher::tail(key) | uint64_t{key.size() + 1} << 56;
    return Hasher().add(key).finish() | kLong;
  }
  // The slot of the key, or the empty one where it would be.
  size_t place(uint64_t packed, std::string_view key) const {
    const size_t mask = slots_.size() - 1;
    size_t i = (packed * 0x9E3779B97F4A7C15U) >> shift_;
    while (slots_[i].packed != 0) {
      if (slots_[i].packed == packed && (packed < kLong || this->key(slots_[i].key) == key)) break;
      i = (i + 1) & mask;
    }
    return i;
  }
  void grow() {
    std::vector<Slot> old(std::max<size_t>(16, slots_.size() * 2));
    old.swap(slots_);
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const Slot& slot : old)
      if (slot.packed != 0) slots_[place(slot.packed, key(slot.key))] = slot;
  }

  std::vector<Slot> slots_;
  std::string texts_;               // of the keys, one after the other
  std::vector<size_t> ends_ = {0};  // of each key, after a first that begins
  int shift_ = 0;
};

}  // namespace chunkmill::scope3
