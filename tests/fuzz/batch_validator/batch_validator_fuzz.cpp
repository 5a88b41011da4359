// Imports struct arrays that a broken plugin might hand over, and reads every value of those that
// are accepted.
//
// Lies that are told, because a validator can find them: any number of children and buffers, any
// null_count, negative and absurd lengths and offsets, lengths that contradict each other, NULL and
// misaligned buffers, text offsets that are negative or descend, missing and released children,
// nulls where there may be none. Lies that are not told, because nothing in the Arrow C data
// interface gives them away: buffers shorter than a believable length, offset or text offset
// claims, wild pointers. So buffers are sized, to the byte, for the believable numbers, and a
// sanitizer sees whoever reads beyond them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "framework/data/batch.hpp"
#include "framework/data/cast.hpp"
#include "framework/data/filter.hpp"
#include "framework/data/row_json.hpp"

namespace {

using namespace chunkmill;
using namespace chunkmill::host;

// Reads the fuzzer's bytes; zeros once they are used up.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), left_(size) {}

  uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  bool one_in(unsigned n) { return byte() % n == n - 1; }
  int32_t word() {
    uint32_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | byte();
    return static_cast<int32_t>(bits);
  }
  // A small number that buffers are sized for, or one that no batch can have.
  int64_t number() {
    constexpr int64_t kAbsurd[] = {-1,
                                   -2,
                                   INT64_MIN,
                                   INT64_MAX,
                                   INT64_MAX - 8,
                                   int64_t{1} << 40,
                                   int64_t{INT32_MAX} + 1,
                                   INT64_MIN + 1};
    const uint8_t tag = byte();
    return tag < 240 ? tag : kAbsurd[tag % std::size(kAbsurd)];
  }

 private:
  const uint8_t* data_;
  size_t left_;
};

size_t believable(int64_t number) {
  // A child is at most as long as a small length and a small offset together.
  return number >= 0 && number < 480 ? static_cast<size_t>(number) : 0;
}

// An array with all that it points to.
struct Fuzzed {
  std::vector<std::unique_ptr<uint8_t[]>> memory;
  std::vector<std::unique_ptr<Fuzzed>> children;
  std::vector<const void*> buffers;
  std::vector<ArrowArray*> pointers;
  ArrowArray array{};
};

void release_child(ArrowArray* child) { child->release = nullptr; }

void release_struct(ArrowArray* array) {
  delete static_cast<Fuzzed*>(array->private_data);
  array->release = nullptr;
}

uint8_t* add_buffer(Fuzzed& fuzzed, size_t size, Input& in) {
  const uint8_t shape = in.byte();
  const size_t shift = shape == 254 ? 1 : 0;
  fuzzed.memory.push_back(std::make_unique<uint8_t[]>(size + shift));
  uint8_t* buffer = fuzzed.memory.back().get() + shift;
  fuzzed.buffers.push_back(shape == 255 ? nullptr : buffer);
  return buffer;
}

void fill(uint8_t* buffer, size_t size, Input& in) {
  for (size_t i = 0; i < size; ++i) buffer[i] = in.byte();
}

void add_text(Fuzzed& fuzzed, size_t rows, Input& in) {
  uint8_t* offsets = add_buffer(fuzzed, (rows + 1) * sizeof(int32_t), in);
  int32_t end = 0;
  int32_t largest = 0;
  for (size_t i = 0; i <= rows; ++i) {
    const uint8_t step = in.byte();
    end = step < 250 ? end + step % 16 : in.word() % 4096;
    largest = std::max(largest, end);
    std::memcpy(offsets + i * sizeof end, &end, sizeof end);
  }
  const auto size = static_cast<size_t>(largest);
  fill(add_buffer(fuzzed, size, in), std::min<size_t>(size, 64), in);
}

std::unique_ptr<Fuzzed> fuzzed_column(Type type, int64_t rows_of_struct, Input& in) {
  auto column = std::make_unique<Fuzzed>();
  ArrowArray& array = column->array;
  array.length = in.one_in(4) ? in.number() : rows_of_struct;
  array.offset = in.one_in(3) ? in.number() : 0;
  array.null_count = in.one_in(2) ? in.number() : -1;
  array.release = in.byte() == 255 ? nullptr : &release_child;
  const size_t rows = believable(array.length) + believable(array.offset);

  const size_t bitmap = (rows + 7) / 8;
  if (in.one_in(2)) {
    fill(add_buffer(*column, bitmap, in), bitmap, in);
  } else {
    column->buffers.push_back(nullptr);
  }
  if (has_offsets(type)) {
    add_text(*column, rows, in);
  } else {
    const size_t size = type == Type::kBool ? bitmap : rows * type_width(type);
    fill(add_buffer(*column, size, in), size, in);
  }
  array.n_buffers = static_cast<int64_t>(column->buffers.size());
  if (in.byte() == 255) array.n_buffers = in.number();
  if (in.byte() == 255) array.n_children = in.number();
  array.buffers = in.byte() == 255 ? nullptr : column->buffers.data();
  return column;
}

Schema fuzzed_schema(Input& in) {
  Schema schema;
  for (unsigned columns = in.byte() % 5; columns > 0; --columns) {
    Field field;
    field.name = "c" + std::to_string(columns);
    field.type = static_cast<Type>(in.byte() % 9);
    field.nullable = !in.one_in(4);
    field.scale = in.byte() % 39;
    schema.fields.push_back(std::move(field));
  }
  return schema;
}

// Releases itself through the array that it fills.
void fuzzed_struct(const Schema& schema, Input& in, ArrowArray* out) {
  auto owner = std::make_unique<Fuzzed>();
  ArrowArray& array = owner->array;
  array.length = in.number();
  array.offset = in.one_in(4) ? in.number() : 0;
  array.null_count = in.one_in(8) ? in.number() : 0;
  const auto rows = static_cast<int64_t>(believable(array.length) + believable(array.offset));
  if (in.one_in(8)) {
    const size_t bitmap = static_cast<size_t>(rows + 7) / 8;
    fill(add_buffer(*owner, bitmap, in), bitmap, in);
  } else {
    owner->buffers.push_back(nullptr);
  }
  for (const Field& field : schema.fields) {
    owner->children.push_back(fuzzed_column(field.type, rows, in));
    owner->pointers.push_back(in.byte() == 255 ? nullptr : &owner->children.back()->array);
  }
  array.n_buffers = in.byte() == 255 ? in.number() : 1;
  array.n_children = in.byte() == 255 ? in.number() : static_cast<int64_t>(owner->pointers.size());
  array.buffers = in.byte() == 255 ? nullptr : owner->buffers.data();
  array.children = in.byte() == 255 ? nullptr : owner->pointers.data();
  array.release = &release_struct;
  array.private_data = owner.get();
  *out = array;
  owner.release();
}

size_t read_all(const Batch& batch) {
  size_t bytes = batch.byte_size();
  for (int64_t row = 0; row < batch.row_count(); ++row) bytes += row_as_json(batch, row).size();
  return bytes;
}

// What the host does with a batch: cuts it, thins it out, puts it together, casts it to text.
void use(const Batch& batch) {
  read_all(batch);
  const int64_t half = batch.row_count() / 2;
  const Batch parts[] = {batch.slice(half, batch.row_count() - half), batch.slice(0, half)};
  const Result<Batch> turned = concat(parts);
  if (!turned.ok()) return;
  std::vector<int64_t> odd;
  for (int64_t row = 1; row < batch.row_count(); row += 2) odd.push_back(row);
  read_all(filter(*turned, odd));
  Schema text = batch.schema();
  for (Field& field : text.fields) {
    if (field.type != Type::kBinary) field.type = Type::kUtf8;
  }
  std::vector<CastFailure> failures;
  const Result<Batch> cast =
      project_and_cast(batch, std::make_shared<const Schema>(text), &failures);
  // Everything becomes text; a failure here is a bug of the cast.
  if (!cast.ok() || !failures.empty()) std::abort();
  read_all(*cast);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input in(data, size);
  const auto schema = std::make_shared<const Schema>(fuzzed_schema(in));
  ArrowArray array{};
  fuzzed_struct(*schema, in, &array);
  const Result<Batch> batch = Batch::import(&array, schema);
  if (array.release != nullptr) std::abort();
  if (batch.ok()) {
    use(*batch);
  } else if (batch.status().code() != Code::kPlugin || batch.status().message().empty()) {
    std::abort();
  }
  return 0;
}
