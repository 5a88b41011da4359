// The C table over a calculator class. Included by calculator.hpp; nothing here is for plugin
// authors.
#pragma once

#include <memory>
#include <vector>

#include "chunkmill/columns.hpp"
#include "chunkmill/module.hpp"
#include "chunkmill/rows.hpp"

namespace chunkmill {

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
        const std::string format = need.any_type ? std::string() : format_of(need.field);
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
        if (need.column >= 0 && !need.any_type &&
            b->input[static_cast<size_t>(need.column)].type != need.field.type)
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
          l->outputs.hand_to(out);
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
