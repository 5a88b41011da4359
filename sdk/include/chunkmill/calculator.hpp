// Calculators in C++. Two levels over the C table: RowCalculator (one row at a time) and
// BatchCalculator (whole batches).
//
//   class Tax : public chunkmill::RowCalculator {
//    public:
//     static constexpr chunkmill::Info kInfo{"tax", "1.0.0", "Add the tax of an amount"};
//     void configure(chunkmill::Options& opt) { opt.optional("rate", rate_, "share of the amount");
//     } void bind(chunkmill::Columns& columns) {
//       amount_ = columns.in<double>("amount");
//       tax_ = columns.out<double>("tax");
//     }
//     void row(const chunkmill::Row& in, chunkmill::RowOut& out) const { out[tax_] = in[amount_] *
//     rate_; }
//     ...
//   };
//   CHUNKMILL_CALCULATOR(Tax)
//
// configure() and bind() run more than once; each run must set the same members again. The object
// is read-only once bound and shared by all lanes: row() and process() are const. A BatchCalculator
// that needs memory of its own declares `struct Lane`, made once a lane and handed to process()
// first. Any of these may throw Error.
#pragma once

#include "chunkmill/abi/calculator.h"
#include "chunkmill/builder.hpp"
#include "chunkmill/module.hpp"

namespace chunkmill {

namespace detail {
template <typename T>
struct Unwrap {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <typename T>
struct Unwrap<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};
}  // namespace detail

template <typename T>
concept CellType = ColumnType<typename detail::Unwrap<T>::Type>;

// A column of the input. In<double>: rows where it is null are rejected before row() sees them;
// In<std::optional<double>>: they are handed over.
template <CellType T>
class In {
 public:
  // Index in the input batch, -1 for an optional column that is not there.
  int column() const { return column_; }
  bool present() const { return column_ >= 0; }

 private:
  friend class Columns;
  friend class Row;
  int slot_ = -1;
  int column_ = -1;
};

// A column of an output stream.
template <ColumnType T>
class Out {
 public:
  size_t stream() const { return stream_; }
  size_t column() const { return column_; }

 private:
  friend class Stream;
  friend class RowOut;
  size_t stream_ = 0;
  size_t column_ = 0;
};

// An output stream while it is being declared.
class Stream {
 public:
  Stream(std::string name, size_t index, uint32_t flags)
      : name_(std::move(name)), index_(index), flags_(flags) {}

  template <ColumnType T>
  Out<T> out(std::string_view name, std::string_view unit = {}) {
    Field field{std::string(name), TypeOf<T>::kType, true, std::string(unit)};
    return add<T>(std::move(field));
  }
  // A column with all its details: of a decimal its precision and scale, a role.
  template <ColumnType T>
  Out<T> add(Field field) {
    Out<T> out;
    out.stream_ = index_;
    out.column_ = schema_.size();
    schema_.fields.push_back(std::move(field));
    return out;
  }
  // The stream's rows are its own: not appended to the input's columns.
  Stream& only_outputs() {
    flags_ &= ~static_cast<uint32_t>(CM_STREAM_APPEND);
    return *this;
  }
  // Input rows may be left out or give several rows: every output row names its parent.
  Stream& any_rows() {
    flags_ &= ~static_cast<uint32_t>(CM_STREAM_ROW_FOR_ROW);
    return *this;
  }

  const std::string& name() const { return name_; }
  const Schema& schema() const { return schema_; }
  uint32_t flags() const { return flags_; }
  bool row_for_row() const { return (flags_ & CM_STREAM_ROW_FOR_ROW) != 0; }

 private:
  std::string name_;
  size_t index_;
  uint32_t flags_;
  Schema schema_;
};

// What bind() declares: columns that are read, and streams that are put out. The main stream has
// one row for each input row and is appended to the input's columns, unless main() is told
// otherwise.
class Columns {
 public:
  explicit Columns(const Schema* available) : available_(available) {
    streams_.reserve(kMaxStreams);
    streams_.emplace_back("main", 0, CM_STREAM_ROW_FOR_ROW | CM_STREAM_APPEND);
  }

  // What there is. Types may still be changed to those that in() asks for.
  const Schema& available() const { return *available_; }
  bool has(std::string_view name) const { return available_->find(name) >= 0; }

  // A column that must be there. `option` is the path of the option that named it
  // ("columns.spend"), for messages.
  template <CellType T>
  In<T> in(std::string_view name, std::string_view unit = {}, std::string_view option = {}) {
    return need<T>(name, false, unit, option);
  }
  // A column that may be missing: ask present(). Its rows read as null then.
  template <CellType T>
  requires detail::Unwrap<T>::kOptional In<T> in_if_present(std::string_view name,
                                                            std::string_view unit = {},
                                                            std::string_view option = {}) {
    return need<T>(name, true, unit, option);
  }

  Stream& main() { return streams_[0]; }
  template <ColumnType T>
  Out<T> out(std::string_view name, std::string_view unit = {}) {
    return main().out<T>(name, unit);
  }
  // A further stream. Its rows are its own, and each names its parent.
  Stream& stream(std::string name) {
    if (streams_.size() == kMaxStreams) throw Error(CM_INVALID, "more than 64 streams");
    return streams_.emplace_back(std::move(name), streams_.size(), 0);
  }

  struct Need {
    Field field;  // nullable: row() takes nulls
    bool optional = false;
    std::string option{};
    int column = -1;
  };
  const std::vector<Need>& needs() const { return needs_; }
  const std::vector<Stream>& streams() const { return streams_; }

 private:
  static constexpr size_t kMaxStreams = 64;

  template <CellType T>
  In<T> need(std::string_view name, bool optional, std::string_view unit, std::string_view option) {
    using Value = typename detail::Unwrap<T>::Type;
    In<T> in;
    in.slot_ = static_cast<int>(needs_.size());
    in.column_ = available_->find(name);
    needs_.push_back(Need{Field{std::string(name), TypeOf<Value>::kType,
                                detail::Unwrap<T>::kOptional, std::string(unit)},
                          optional, std::string(option), in.column_});
    return in;
  }

  const Schema* available_;
  std::vector<Need> needs_;
  std::vector<Stream> streams_;
};

// One row of the input.
class Row {
 public:
  template <CellType T>
  T operator[](In<T> handle) const {
    using Value = typename detail::Unwrap<T>::Type;
    const ColumnRef& ref = refs_[handle.slot_];
    if constexpr (detail::Unwrap<T>::kOptional) {
      if (ref.values == nullptr) return std::nullopt;
      return ColumnView<Value>(ref).get(row_);
    } else {
      return ColumnView<Value>(ref)[row_];
    }
  }
  int64_t index() const { return row_; }

  Row(const ColumnRef* refs, int64_t row) : refs_(refs), row_(row) {}

 private:
  const ColumnRef* refs_;
  int64_t row_;
};

// The output of one row. A column that is not set is null.
class RowOut {
 public:
  template <ColumnType T>
  class Cell {
   public:
    void operator=(const T& value) {
      if (builder_->size() != row_) align();
      builder_->append(value);
    }
    // Nothing is null.
    template <typename U>
    requires std::is_convertible_v<const U&, T>
    void operator=(const std::optional<U>& value) {
      if (value) {
        *this = static_cast<T>(*value);
      } else {
        *this = std::nullopt;
      }
    }
    void operator=(std::nullopt_t) { builder_->truncate(row_); }

   private:
    friend class RowOut;
    Cell(ColumnBuilder* builder, int64_t row) : builder_(builder), row_(row) {}
    void align() {
      builder_->truncate(row_);
      builder_->fill_to(row_);
    }
    ColumnBuilder* builder_;
    int64_t row_;
  };

  template <ColumnType T>
  Cell<T> operator[](Out<T> handle) {
    return Cell<T>(&(*builder_)[handle.column_], row_);
  }
  // The row goes to the rejects with this code (snake_case, stable) and message.
  void reject(std::string_view code, std::string_view message, std::string_view column = {}) {
    errors_->report(input_row_, code, message, column);
    kept_ = false;
  }
  // The row is left out and counts as filtered. Needs columns.main().any_rows() in bind().
  void skip() { kept_ = false; }

  RowOut(BatchBuilder* builder, RowErrors* errors, int64_t row, int64_t input_row)
      : builder_(builder), errors_(errors), row_(row), input_row_(input_row) {}
  bool kept() const { return kept_; }

 private:
  BatchBuilder* builder_;
  RowErrors* errors_;
  int64_t row_;
  int64_t input_row_;
  bool kept_ = true;
};

// The output of a batch: a builder for each stream.
class Outputs {
 public:
  explicit Outputs(const std::vector<Stream>* streams)
      : streams_(streams), parents_(streams->size()) {
    for (const Stream& stream : *streams) builders_.emplace_back(stream.schema());
  }

  BatchBuilder& stream(size_t index) { return builders_[index]; }
  template <ColumnType T>
  ColumnBuilder& operator[](Out<T> handle) {
    return builders_[handle.stream()][handle.column()];
  }
  // Says that the next output row of `stream` came from `input_row`; -1: from no single one. Once a
  // row, for streams that are not row for row.
  void parent(size_t stream, int64_t input_row) { parents_[stream].push_back(input_row); }

  // Hands all that was built from `input_rows` rows to the host.
  void emit(const cm_emit* out, int64_t input_rows) {
    for (size_t i = 0; i < builders_.size(); ++i) {
      const bool row_for_row = (*streams_)[i].row_for_row();
      // A stream without columns, of a calculator that checks or filters, still has rows.
      if (builders_[i].column_count() == 0)
        builders_[i].fill_to(row_for_row ? input_rows : static_cast<int64_t>(parents_[i].size()));
      const int64_t rows = builders_[i].row_count();
      if (!row_for_row && static_cast<int64_t>(parents_[i].size()) != rows)
        throw Error(CM_INTERNAL, "stream \"" + (*streams_)[i].name() +
                                     "\": " + std::to_string(rows) + " rows with " +
                                     std::to_string(parents_[i].size()) + " parents");
      if (rows == 0) continue;
      UniqueArray array;
      builders_[i].finish(array.get());
      out->batch(out->ctx, static_cast<uint32_t>(i), array.get(),
                 row_for_row ? nullptr : parents_[i].data());
      parents_[i].clear();
    }
  }
  // Forgets what was built: a call before threw.
  void clear() {
    builders_.clear();
    for (const Stream& stream : *streams_) builders_.emplace_back(stream.schema());
    for (std::vector<int64_t>& parents : parents_) parents.clear();
  }

 private:
  const std::vector<Stream>* streams_;
  std::vector<BatchBuilder> builders_;
  std::vector<std::vector<int64_t>> parents_;
};

class RowCalculator : public Plugin {};
class BatchCalculator : public Plugin {};

namespace detail {

struct NoLane {};
template <typename T>
struct LaneOf {
  using Type = NoLane;
};
template <typename T>
requires requires { typename T::Lane; }
struct LaneOf<T> {
  using Type = typename T::Lane;
};

// Puts the C table over calculator class T.
template <typename T>
class CalculatorAdapter {
  using UserLane = typename LaneOf<T>::Type;

  struct Bound {
    std::unique_ptr<T> plugin;
    Schema input;
    std::vector<Columns::Need> needs;
    std::vector<Stream> streams;
  };
  struct Lane {
    explicit Lane(const Bound* b)
        : bound(b), user(make_user_lane(*b->plugin)), outputs(&b->streams) {}
    static UserLane make_user_lane(const T& plugin) {
      if constexpr (std::is_constructible_v<UserLane, const T&>) {
        return UserLane(plugin);
      } else {
        return UserLane{};
      }
    }
    const Bound* bound;
    UserLane user;
    Outputs outputs;
    std::vector<ColumnRef> refs;
  };

  static Bound* bound(cm_calculator* self) { return reinterpret_cast<Bound*>(self); }
  static Lane* lane(cm_calculator_lane* self) { return reinterpret_cast<Lane*>(self); }

  static cm_code create(const cm_host* host, const cm_options* options, cm_calculator** out,
                        cm_error* error) noexcept {
    return guard(error, [&] {
      auto made = std::make_unique<Bound>();
      made->plugin = create_plugin<T>(host, options);
      *out = reinterpret_cast<cm_calculator*>(made.release());
      return CM_OK;
    });
  }
  static void destroy(cm_calculator* self) noexcept { delete bound(self); }

  static cm_code needs(cm_calculator* self, const ArrowSchema* available, const cm_need_sink* out,
                       cm_error* error) noexcept {
    return guard(error, [&] {
      const Schema schema = import_schema(available);
      Columns columns(&schema);
      bound(self)->plugin->bind(columns);
      for (const Columns::Need& need : columns.needs()) {
        const std::string format = format_of(need.field);
        const cm_need said{sizeof(cm_need), need.optional ? 1 : 0,   to_abi(need.field.name),
                           to_abi(format),  to_abi(need.field.unit), to_abi(need.option)};
        out->add(out->ctx, &said);
      }
      return CM_OK;
    });
  }

  static cm_code bind(cm_calculator* self, const ArrowSchema* input, const cm_stream_sink* out,
                      cm_error* error) noexcept {
    return guard(error, [&] {
      Bound* const b = bound(self);
      b->input = import_schema(input);
      Columns columns(&b->input);
      b->plugin->bind(columns);
      b->needs = columns.needs();
      b->streams = columns.streams();
      for (const Columns::Need& need : b->needs) {
        if (need.column < 0 && !need.optional)
          throw Error(CM_INVALID, "there is no column \"" + need.field.name + "\"").at(need.option);
        if (need.column >= 0 && b->input[static_cast<size_t>(need.column)].type != need.field.type)
          throw Error(CM_INVALID, "column \"" + need.field.name + "\" is a " +
                                      b->input[static_cast<size_t>(need.column)].type_text() +
                                      " where a " + need.field.type_text() + " is needed")
              .at(need.option);
      }
      for (const Stream& stream : b->streams) {
        UniqueSchema schema = stream.schema().to_arrow();
        const cm_stream said{sizeof(cm_stream), stream.flags(), to_abi(stream.name()),
                             schema.get()};
        out->add(out->ctx, &said);
      }
      return CM_OK;
    });
  }

  static cm_code open(cm_calculator* self, cm_calculator_lane** out, cm_error* error) noexcept {
    return guard(error, [&] {
      *out = reinterpret_cast<cm_calculator_lane*>(new Lane(bound(self)));
      return CM_OK;
    });
  }
  static void close(cm_calculator_lane* self) noexcept { delete lane(self); }

  static cm_code process(cm_calculator_lane* self, const cm_chunk* chunk, const ArrowArray* input,
                         const cm_emit* out, const cm_row_errors* errors,
                         cm_error* error) noexcept {
    return guard(error, [&] {
      Lane* const l = lane(self);
      RowErrors row_errors(errors);
      try {
        if constexpr (std::is_base_of_v<RowCalculator, T>) {
          process_rows(l, *input, &row_errors);
        } else {
          const Batch batch(input, &l->bound->input);
          call_process(*l, batch, row_errors, Chunk(chunk));
        }
        l->outputs.emit(out, input->length);
      } catch (...) {
        l->outputs.clear();
        throw;
      }
      return CM_OK;
    });
  }

  static void call_process(Lane& l, const Batch& batch, RowErrors& errors, const Chunk& chunk) {
    const T& plugin = *l.bound->plugin;
    if constexpr (requires { plugin.process(l.user, chunk, batch, l.outputs, errors); }) {
      plugin.process(l.user, chunk, batch, l.outputs, errors);
    } else if constexpr (requires { plugin.process(l.user, batch, l.outputs, errors); }) {
      plugin.process(l.user, batch, l.outputs, errors);
    } else {
      plugin.process(batch, l.outputs, errors);
    }
  }

  static cm_code flush(cm_calculator_lane* self, const cm_chunk* chunk, const cm_emit* out,
                       const cm_row_errors* errors, cm_error* error) noexcept {
    return guard(error, [&] {
      if constexpr (requires(const T& t, UserLane& u, Outputs& o, RowErrors& e, Chunk c) {
                      t.flush(u, c, o, e);
                    }) {
        Lane* const l = lane(self);
        RowErrors row_errors(errors);
        try {
          l->bound->plugin->flush(l->user, Chunk(chunk), l->outputs, row_errors);
          l->outputs.emit(out, 0);
        } catch (...) {
          l->outputs.clear();
          throw;
        }
      }
      return CM_OK;
    });
  }

  static void process_rows(Lane* l, const ArrowArray& input, RowErrors* errors) {
    const Bound& b = *l->bound;
    const T& plugin = *b.plugin;  // shared by all lanes: row() must be const
    l->refs.assign(b.needs.size(), ColumnRef());
    std::vector<size_t> checked;  // needs whose nulls reject the row
    for (size_t i = 0; i < b.needs.size(); ++i) {
      if (b.needs[i].column < 0) continue;
      l->refs[i] = ColumnRef(*input.children[b.needs[i].column], input.offset);
      if (!b.needs[i].field.nullable && l->refs[i].validity != nullptr) checked.push_back(i);
    }
    BatchBuilder& builder = l->outputs.stream(0);
    builder.reserve(input.length);
    const bool row_for_row = b.streams[0].row_for_row();
    int64_t made = 0;
    for (int64_t row = 0; row < input.length; ++row) {
      const size_t* null_need = nullptr;
      for (const size_t& i : checked)
        if (l->refs[i].is_null(row)) null_need = &i;
      bool kept = false;
      if (null_need == nullptr) [[likely]] {
        RowOut out(&builder, errors, made, row);
        plugin.row(Row(l->refs.data(), row), out);
        kept = out.kept();
      } else {
        const std::string& column = b.needs[*null_need].field.name;
        errors->report(row, "null_value", "\"" + column + "\" is empty", column);
      }
      if (row_for_row) {
        ++made;
      } else if (kept) {
        l->outputs.parent(0, row);
        ++made;
      } else {
        for (size_t i = 0; i < builder.column_count(); ++i) builder[i].truncate(made);
      }
    }
    builder.fill_to(made);
  }

 public:
  static constexpr cm_calculator_api kApi{
      sizeof(cm_calculator_api), 0, create, destroy, needs, bind, open, process, flush, close};
};

}  // namespace detail
}  // namespace chunkmill

#define CHUNKMILL_CALCULATOR(T)                                                     \
  static_assert(std::is_base_of_v<::chunkmill::RowCalculator, T> ||                 \
                    std::is_base_of_v<::chunkmill::BatchCalculator, T>,             \
                "a calculator derives from RowCalculator or from BatchCalculator"); \
  CHUNKMILL_EXPORT(T, CM_KIND_CALCULATOR, ::chunkmill::detail::CalculatorAdapter<T>::kApi)
