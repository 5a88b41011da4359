#include "framework/job/interpolate.hpp"

#include <algorithm>
#include <cstdlib>

#include "chunkmill/utf8.hpp"

namespace chunkmill::host {
namespace {

// Of all variables' values in one job: a small file must not become a large one.
constexpr std::size_t kMaxInserted = std::size_t{4} << 20;

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); });
}

class Interpolation {
 public:
  Interpolation(const std::vector<SourceText>& sources, const Environment& environment,
                Faults* faults)
      : sources_(sources), environment_(environment), faults_(faults) {}

  void walk(Value* value) {
    if (value->is_scalar()) return expand(value);
    for (std::size_t i = 0; i < value->size(); ++i) walk(&value->at(i));
  }

 private:
  void expand(Value* value) {
    const std::string text = value->text();
    std::size_t at = text.find("${");
    if (at == std::string::npos) return;

    std::string out;
    std::size_t done = 0;
    // Follows the text in the source, where escapes may part the two.
    cursor_ = source_of(*value).offset(value->place());
    for (; at != std::string::npos; at = text.find("${", done)) {
      out.append(text, done, at - done);
      if (at > done && text[at - 1] == '$') {
        out += '{';  // behind the escaping '$', which now is the text's own
        done = at + 2;
        locate(*value, "${");
        continue;
      }
      const std::size_t close = text.find('}', at);
      const std::string whole = text.substr(at, close == std::string::npos ? 2 : close + 1 - at);
      const Place place = locate(*value, whole);
      done = at + whole.size();
      const std::optional<std::string> inserted =
          close == std::string::npos ? unclosed(place) : look_up(whole, place);
      if (!inserted) value->mark_faulty();
      out += inserted.value_or(whole);
    }
    out.append(text, done);
    value->set_text(std::move(out));
  }

  std::optional<std::string> unclosed(Place place) {
    faults_->error(place, "a variable without its closing brace", "write $${ for a plain ${");
    return std::nullopt;
  }

  // `whole` is `${NAME}` or `${NAME:default}`.
  std::optional<std::string> look_up(std::string_view whole, Place place) {
    const std::string_view inside = whole.substr(2, whole.size() - 3);
    const std::size_t colon = std::min(inside.find(':'), inside.size());
    const std::string_view name = inside.substr(0, colon);
    if (!is_name(name)) {
      faults_->error(place, in_quotes(name) + " is no name of a variable",
                     "letters, digits and _; write $${ for a plain ${");
      return std::nullopt;
    }
    std::optional<std::string> found = environment_(name);
    if (!found && colon == inside.size()) {
      faults_->error(place, "the variable " + in_quotes(name) + " is not set",
                     "set it, or give a default: ${" + std::string(name) + ":default}");
      return std::nullopt;
    }
    if (!found) found = std::string(inside.substr(colon + 1));
    if (inside.substr(colon).starts_with(":-")) {
      faults_->warning(place, "the default of " + in_quotes(name) + " begins with a '-'",
                       "unlike in a shell, it is part of it");
    }
    inserted_ += found->size();
    if (inserted_ > kMaxInserted || !is_utf8(*found)) {
      faults_->error(place,
                     "the value of " + in_quotes(name) +
                         (inserted_ > kMaxInserted ? " makes the job too large" : " is not UTF-8"));
      return std::nullopt;
    }
    return found;
  }

  const SourceText& source_of(const Value& value) const {
    return sources_[static_cast<std::size_t>(value.place().source)];
  }

  // The place of the next `part` of the value's text; the value's own where the source writes it in
  // another way.
  Place locate(const Value& value, std::string_view part) {
    const SourceText& source = source_of(value);
    const std::size_t at = source.text().find("${", cursor_);
    if (at == std::string::npos || source.text().compare(at, part.size(), part) != 0) {
      return value.place();
    }
    cursor_ = at + part.size();
    return source.place(at, part.size());
  }

  const std::vector<SourceText>& sources_;
  const Environment& environment_;
  Faults* const faults_;
  std::size_t cursor_ = 0;
  std::size_t inserted_ = 0;
};

}  // namespace

std::optional<std::string> process_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void interpolate(Value* root, const std::vector<SourceText>& sources,
                 const Environment& environment, Faults* faults) {
  Interpolation(sources, environment, faults).walk(root);
}

}  // namespace chunkmill::host
