#include "plugins/calculators/scope3/inventory/twice_counted.hpp"

#include <algorithm>

#include "chunkmill/format.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr uint64_t kCategoryBits = 15;
constexpr size_t kExamples = 3;

bool has_purchase(const ResultRow& row) {
  return !row.supplier.empty() && !row.date.empty() && std::isfinite(row.spend) && row.spend != 0;
}

uint64_t hash_of_id(const ResultRow& row) {
  return Hasher(1).add(row.inventory).add(row.id).finish();
}

uint64_t hash_of_purchase(const ResultRow& row) {
  return Hasher(2)
      .add(row.inventory)
      .add(row.supplier)
      .add(row.date)
      .add(row.currency)
      .add(row.spend)
      .finish();
}

// "Acme Ltd, 1200 GBP".
std::string purchase_text(const ResultRow& row) {
  std::string out(row.supplier);
  out += ", ";
  append_double(&out, row.spend);
  if (!row.currency.empty()) out.append(" ").append(row.currency);
  return out;
}

}  // namespace

void TwiceCounted::Keys::add(uint64_t hash, int category) {
  if (all.size() == all.capacity() && all.size() > 2 * clean) tidy();
  all.push_back((hash & ~kCategoryBits) | static_cast<uint64_t>(category));
}

void TwiceCounted::Keys::tidy() {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  clean = all.size();
}

std::unordered_set<uint64_t> TwiceCounted::Keys::twice() {
  tidy();
  std::unordered_set<uint64_t> out;
  for (size_t i = 1; i < all.size(); ++i)
    if ((all[i] & ~kCategoryBits) == (all[i - 1] & ~kCategoryBits))
      out.insert(all[i] & ~kCategoryBits);
  all = {};
  return out;
}

void TwiceCounted::note(const ResultRow& row) {
  if (row.category == 0 || place_of(row) != Place::kInSum) return;
  if (by_id_ && !row.id.empty()) ids_.add(hash_of_id(row), row.category);
  if (by_purchase_ && has_purchase(row)) purchases_.add(hash_of_purchase(row), row.category);
}

bool TwiceCounted::any() {
  twice_ids_ = ids_.twice();
  twice_purchases_ = purchases_.twice();
  return !twice_ids_.empty() || !twice_purchases_.empty();
}

void TwiceCounted::look(const ResultRow& row) {
  if (row.category == 0 || place_of(row) != Place::kInSum) return;
  if (!row.id.empty() && twice_ids_.contains(hash_of_id(row) & ~kCategoryBits))
    look(Sameness::kId, std::string(row.id), row);
  if (has_purchase(row) && twice_purchases_.contains(hash_of_purchase(row) & ~kCategoryBits))
    look(Sameness::kPurchase, purchase_text(row) + '\x1f' + std::string(row.date), row);
}

void TwiceCounted::look(Sameness sameness, const std::string& key, const ResultRow& row) {
  Suspect& suspect = suspects_[{sameness, std::string(row.inventory), key}];
  if (std::isfinite(row.kg)) suspect.kg[static_cast<size_t>(row.category)].add(row.kg);
  suspect.in[static_cast<size_t>(row.category)] = true;
}

std::map<std::string, Overlaps> TwiceCounted::found() const {
  std::map<std::string, Overlaps> out;
  for (const auto& [key, suspect] : suspects_) {
    const auto& [sameness, inventory, text] = key;
    for (size_t a = 1; a <= kCategories; ++a) {
      for (size_t b = a + 1; b <= kCategories; ++b) {
        if (!suspect.in[a] || !suspect.in[b]) continue;
        Overlap& overlap = out[inventory][{sameness, static_cast<int>(a), static_cast<int>(b)}];
        ++overlap.keys;
        overlap.first_kg.add(suspect.kg[a]);
        overlap.second_kg.add(suspect.kg[b]);
        if (overlap.examples.size() < kExamples)
          overlap.examples.insert(text.substr(0, text.find('\x1f')));
      }
    }
  }
  return out;
}

}  // namespace chunkmill::scope3
