#include "framework/data/column.hpp"

#include <cassert>

namespace chunkmill::host {
Column::Column(Type type, const ArrowArray& view, std::shared_ptr<const void> owner)
    : type_(type), view_(view), owner_(std::move(owner)) {
  // A plugin that is shown this array must find it alive (release set), and must not be able to end
  // it.
  view_.release = &release_nothing;
  view_.private_data = nullptr;
  if (view_.buffers[0] == nullptr) view_.null_count = 0;
}

int64_t Column::null_count() const {
  if (view_.null_count >= 0) return view_.null_count;
  return view_.length - count_bits(validity(), view_.offset, view_.length);
}

Column Column::slice(int64_t first, int64_t count) const {
  assert(first >= 0 && count >= 0 && first + count <= view_.length);
  Column part = *this;
  part.view_.offset += first;
  part.view_.length = count;
  if (count != view_.length && view_.null_count != 0) part.view_.null_count = -1;
  return part;
}

size_t Column::byte_size() const {
  const auto rows = static_cast<size_t>(view_.length);
  if (rows == 0) return 0;
  const auto bitmap = static_cast<size_t>(bytes_for_bits(view_.length));
  size_t bytes = may_have_nulls() ? bitmap : 0;
  if (type_ == Type::kBool) return bytes + bitmap;
  if (!has_offsets(type_)) return bytes + rows * type_width(type_);
  return bytes + (rows + 1) * sizeof(int32_t) + text_size();
}

}  // namespace chunkmill::host
