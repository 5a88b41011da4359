// Keys whose values nobody reads, since the records that were looked at to find the columns do not
// have them: counted, so that nothing is left out in silence. Threads: one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace chunkmill::jsonl {

using KeySet = std::set<std::string, std::less<>>;

class UnreadKeys {
 public:
  // Counts keys that are too many to be named.
  static constexpr std::string_view kOthers = "(others)";

  // `known` are the keys that were found; it must outlive this. Null: the job says which keys it
  // wants, and leaving others out is no loss.
  explicit UnreadKeys(const KeySet* known) : known_(known) {}

  bool is_unread(std::string_view key) const { return known_ != nullptr && !known_->contains(key); }
  // A value of a key that is unread, in the record in hand.
  void add(std::string_view key) {
    auto found = counts_.find(key);
    if (found == counts_.end())
      found = counts_.size() < kMostKeys ? counts_.emplace(std::string(key), 0).first
                                         : counts_.emplace(std::string(kOthers), 0).first;
    ++found->second;
  }
  const std::map<std::string, uint64_t, std::less<>>& counts() const { return counts_; }
  void clear() { counts_.clear(); }

 private:
  // Records may have keys without end, as where a date is a key.
  static constexpr size_t kMostKeys = 100;

  const KeySet* known_;
  std::map<std::string, uint64_t, std::less<>> counts_;
};

}  // namespace chunkmill::jsonl
