#include "framework/plan/column_needs.hpp"

#include "chunkmill/nearest.hpp"
#include "framework/data/batch.hpp"
#include "framework/data/cast.hpp"

namespace chunkmill::host {
namespace {

Status at_option(const Need& need, std::string message) {
  PluginFacts facts;
  facts.code = CM_INVALID;
  facts.where = need.option;
  return Status(Code::kJob, std::move(message), std::move(facts));
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size() && i < 30; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > 30) out += ", and " + std::to_string(names.size() - 30) + " more";
  return out.empty() ? "none" : out;
}

Status missing(const Need& need, const Schema& there) {
  std::string message = "there is no column \"" + need.column + "\"";
  if (const std::string near = nearest(need.column, there.names()); !near.empty())
    message += "; did you mean \"" + near + "\"?";
  return at_option(need, message + " columns: " + list_of(there.names()));
}

}  // namespace

ColumnNeeds::ColumnNeeds(const Schema& source)
    : source_(source),
      needed_(source.size(), false),
      typed_(source.size(), false),
      current_(source) {
  for (size_t i = 0; i < source.size(); ++i) origins_.push_back({static_cast<int>(i)});
}

Status ColumnNeeds::add(const std::vector<Need>& needs) {
  for (const Need& need : needs) {
    const int index = current_.find(need.column);
    if (index < 0) {
      if (need.optional) continue;
      return missing(need, current_);
    }
    Field& field = current_.fields[static_cast<size_t>(index)];
    if (!need.unit.empty() && !field.unit.empty() && need.unit != field.unit)
      return at_option(need, "column \"" + need.column + "\" is in " + field.unit + ", where " +
                                 need.unit + " is needed");
    const int origin = origins_[static_cast<size_t>(index)].source;
    if (origin >= 0) needed_[static_cast<size_t>(origin)] = true;
    if (!need.type || field.same_type(*need.type)) {
      if (origin >= 0 && need.type) typed_[static_cast<size_t>(origin)] = true;
      continue;
    }
    if (!can_cast(field.type, need.type->type))
      return at_option(need, "column \"" + need.column + "\" is a " + field.type_text() +
                                 " and cannot be read as a " + need.type->type_text());
    if (origin < 0 || typed_[static_cast<size_t>(origin)]) continue;  // cast before the stage
    typed_[static_cast<size_t>(origin)] = true;
    for (Field* retyped : {&source_.fields[static_cast<size_t>(origin)], &field}) {
      retyped->type = need.type->type;
      retyped->precision = need.type->precision;
      retyped->scale = need.type->scale;
    }
  }
  return Status();
}

Schema ColumnNeeds::input_for(const std::vector<Need>& needs) const {
  Schema input = current_;
  for (const Need& need : needs) {
    const int index = input.find(need.column);
    if (index < 0 || !need.type) continue;
    Field& field = input.fields[static_cast<size_t>(index)];
    field.type = need.type->type;
    field.precision = need.type->precision;
    field.scale = need.type->scale;
  }
  return input;
}

void ColumnNeeds::advance(const Schema& input, const Schema& output, bool append) {
  current_ = input;
  if (!append) {
    current_ = output;
    origins_.assign(output.size(), Origin{});
    return;
  }
  const Schema joined = appended_schema(current_, output);
  std::vector<Origin> origins(joined.size());
  for (size_t i = 0; i < joined.size(); ++i) {
    const int before = current_.find(joined[i].name);
    const bool replaced = output.find(joined[i].name) >= 0;
    if (before >= 0 && !replaced) origins[i] = origins_[static_cast<size_t>(before)];
  }
  current_ = joined;
  origins_ = std::move(origins);
}

void ColumnNeeds::need_all() {
  for (const Origin& origin : origins_)
    if (origin.source >= 0) needed_[static_cast<size_t>(origin.source)] = true;
}

Schema ColumnNeeds::wanted() const {
  Schema out;
  for (size_t i = 0; i < source_.size(); ++i)
    if (needed_[i]) out.fields.push_back(source_[i]);
  if (out.fields.empty() && source_.size() > 0) out.fields.push_back(source_[0]);
  return out;
}

}  // namespace chunkmill::host
