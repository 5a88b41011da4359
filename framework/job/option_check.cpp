#include <algorithm>
#include <filesystem>

#include "chunkmill/format.hpp"
#include "chunkmill/nearest.hpp"
#include "chunkmill/units.hpp"
#include "framework/job/option_schema.hpp"
#include "framework/job/source_text.hpp"

namespace chunkmill::host {
namespace {

// So many candidates are compared with a misspelt word; more would cost time and help nobody.
constexpr std::size_t kMostCandidates = 500;

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Where a reader looks for a value: a scalar itself, the key of all else.
Place place_of(const Value& value, Place key_place) {
  return value.is_scalar() || !key_place.known() ? value.place() : key_place;
}

std::string in_words(const Value& value) {
  switch (value.abi_kind()) {
    case CM_NULL:
      return "nothing";
    case CM_LIST:
      return "a list";
    case CM_MAP:
      return "a map";
    case CM_STRING:
      return value.secret() ? "a text" : "the text " + in_quotes(value.text());
    default:
      return value.secret() ? "another value" : value.text();
  }
}

std::string type_in_words(const std::string& type) {
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "a map";
  return "a text";
}

bool is_type(const Value& value, const std::string& type) {
  if (type == "string") return value.is_scalar();
  if (type == "integer") return value.as_int().has_value();
  if (type == "number") return value.as_float().has_value();
  if (type == "boolean") return value.as_bool().has_value();
  if (type == "array") return value.is_list();
  if (type == "object") return value.is_map();
  return type == "null" && value.is_null();
}

// As the SDK's Character reads it.
bool is_character(std::string_view text) {
  if (text == "tab" || text == "space" || text == "\\t") return true;
  return text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 && text[0] != '\n' &&
         text[0] != '\r' && text[0] != '\0';
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string number_text(double number) {
  std::string text;
  append_double(&text, number);
  return text;
}

// A limit as the option would be written.
std::string limit_text(const OptionSchema& schema, double limit) {
  constexpr double kMebi = 1048576;
  if (schema.format == OptionSchema::Format::kDuration) return number_text(limit) + "ms";
  if (schema.format == OptionSchema::Format::kBytes && limit >= kMebi) {
    return number_text(limit / kMebi) + "MiB";
  }
  return number_text(limit);
}

// An absolute path as it stands to `folder`, when it leads into it: so it means the same when the
// folder moves, and by whatever links the two are written.
std::string path_from(const std::string& folder, const std::string& path) {
  const auto inside = [](const std::filesystem::path& to, const std::filesystem::path& from) {
    const std::string found = to.lexically_normal().lexically_relative(from).string();
    return found.starts_with("..") ? std::string() : found;
  };
  if (const std::string found = inside(path, folder); !found.empty()) return found;
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
  const std::filesystem::path real_folder = std::filesystem::weakly_canonical(folder, failed);
  const std::string found = failed ? "" : inside(real, real_folder);
  return found.empty() ? std::filesystem::path(path).lexically_normal().string() : found;
}

// `${NAME}` and nothing else: the name of a secret, which its reader needs to see, is none.
bool is_unset_variable(const Value& value) {
  const std::string& text = value.text();
  return value.faulty() && text.starts_with("${") && text.find_first_of(":}") == text.size() - 1;
}

class OptionCheck {
 public:
  OptionCheck(const OptionContext& context, Faults* faults) : context_(context), faults_(faults) {}

  void check_map(const OptionSchema& schema, Value* map, Place place, const std::string& path) {
    for (std::size_t i = 0; i < map->size(); ++i) {
      const std::string& key = map->key(i);
      const auto known = schema.properties.find(key);
      const std::string inner = path.empty() ? key : path + "." + key;
      if (known != schema.properties.end()) {
        check(known->second, &map->at(i), map->key_place(i), inner);
      } else if (schema.additional) {
        check(*schema.additional, &map->at(i), map->key_place(i), inner);
      } else if (!schema.additional_allowed) {
        report_unknown(schema, map->at(i), key, map->key_place(i), path);
      }
    }
    for (const std::string& name : schema.required) {
      const Value* value = map->find(name);
      if (value == nullptr || value->is_null()) report_missing(schema, name, place, path);
    }
  }

 private:
  // A null is an option that was not given.
  void check(const OptionSchema& schema, Value* value, Place key_place, const std::string& path) {
    if (schema.secret) hide(value);
    if (value->is_null() || value->faulty()) return;
    if (schema.single && !value->is_list() && schema.items) {
      return check(*schema.items, value, key_place, path);
    }
    const Place place = place_of(*value, key_place);
    if (schema.format != OptionSchema::Format::kNone) {
      check_format(schema, *value, place, path);
    } else if (!check_type(schema, *value, place, path)) {
      return;
    }
    if (!schema.choices.empty() && !contains(schema.choices, value->text())) {
      report_choice(schema, *value, place, path);
    }
    if (schema.lookup) check_lookup(*value, place, path);
    if (schema.path) make_absolute(value);
    if (value->is_map()) check_map(schema, value, key_place, path);
    for (std::size_t i = 0; value->is_list() && schema.items && i < value->size(); ++i) {
      check(*schema.items, &value->at(i), key_place, path + "." + std::to_string(i));
    }
  }

  void hide(Value* value) {
    value->mark_secret();
    if (value->is_scalar() && !is_unset_variable(*value)) faults_->hide(value->place());
    for (std::size_t i = 0; i < value->size(); ++i) hide(&value->at(i));
  }

  bool check_type(const OptionSchema& schema, const Value& value, Place place,
                  const std::string& path) {
    const auto fits = [&](const std::string& type) { return is_type(value, type); };
    if (schema.types.empty()) return true;
    if (std::none_of(schema.types.begin(), schema.types.end(), fits)) {
      std::string expected;
      for (const std::string& type : schema.types) {
        expected += (expected.empty() ? "" : " or ") + type_in_words(type);
      }
      const bool only_quoted =
          value.quoted() && std::any_of(schema.types.begin(), schema.types.end(), [&](auto& type) {
            return is_type(Value::plain(value.text()), type);
          });
      faults_->error(place, at(path) + "expected " + expected + ", found " + in_words(value),
                     only_quoted ? "remove the quotes" : "");
      return false;
    }
    warn_of_traps(schema, value, place, path);
    check_range(schema, value.as_float(), place, path);
    return true;
  }

  // Where a text would do, these are texts, and nothing is amiss.
  void warn_of_traps(const OptionSchema& schema, const Value& value, Place place,
                     const std::string& path) {
    if (!value.is_scalar() || value.abi_kind() != CM_STRING || contains(schema.types, "string")) {
      return;
    }
    if (const std::optional<bool> truth = value.as_bool()) {
      const std::string word = *truth ? "true" : "false";
      faults_->warning(place, at(path) + value.text() + " is read as " + word, "write " + word);
    } else if (const std::optional<double> number = value.as_float()) {
      faults_->warning(place,
                       at(path) + value.text() + " is read as the number " + number_text(*number),
                       "write it without the leading zero");
    }
  }

  void check_range(const OptionSchema& schema, std::optional<double> number, Place place,
                   const std::string& path) {
    if (!number) return;
    if (schema.minimum && *number < *schema.minimum) {
      faults_->error(place, at(path) + "must be at least " + limit_text(schema, *schema.minimum));
    } else if (schema.maximum && *number > *schema.maximum) {
      faults_->error(place, at(path) + "must be at most " + limit_text(schema, *schema.maximum));
    }
  }

  void check_format(const OptionSchema& schema, const Value& value, Place place,
                    const std::string& path) {
    using Format = OptionSchema::Format;
    const std::string_view text = value.text();
    std::int64_t ms = 0;
    std::uint64_t bytes = 0;
    double percent = 0;
    switch (schema.format) {
      case Format::kDuration:
        if (value.is_scalar() && parse_duration(text, &ms)) {
          return check_range(schema, static_cast<double>(ms), place, path);
        }
        return report_format(value, "a duration like 200ms, 30s or 10m", place, path);
      case Format::kBytes:
        if (value.is_scalar() && parse_bytes(text, &bytes)) {
          return check_range(schema, static_cast<double>(bytes), place, path);
        }
        return report_format(value, "a size like 64KiB or 8MiB", place, path);
      case Format::kPercent:
        if (value.is_scalar() && parse_percent(text, &percent)) {
          return check_range(schema, percent, place, path);
        }
        return report_format(value, "a percentage between 0% and 100%", place, path);
      case Format::kCharacter:
        if (value.is_scalar() && is_character(text)) return;
        return report_format(value, R"(one ASCII character, as in ";", or tab, or space)", place,
                             path);
      case Format::kCharacterOrNone:
        if (value.is_scalar() && (text.empty() || is_character(text))) return;
        return report_format(value,
                             R"(one ASCII character, as in ";", or tab, or space, or "" for none)",
                             place, path);
      case Format::kNone:
        return;
    }
  }
  void report_format(const Value& value, const std::string& expected, Place place,
                     const std::string& path) {
    faults_->error(place, at(path) + "expected " + expected + ", found " + in_words(value));
  }

  void report_choice(const OptionSchema& schema, const Value& value, Place place,
                     const std::string& path) {
    add_with_nearest(
        place, at(path) + "expected one of " + join(schema.choices) + "; found " + in_words(value),
        value.text(), schema.choices, "");
  }

  void check_lookup(const Value& value, Place place, const std::string& path) {
    if (context_.lookups == nullptr || !value.is_scalar()) return;
    if (context_.lookups->contains(value.text())) return;
    std::vector<std::string> names;
    for (const std::string& name : *context_.lookups) {
      if (names.size() < kMostCandidates) names.push_back(name);
    }
    add_with_nearest(place, at(path) + "the job has no lookup " + in_quotes(value.text()),
                     value.text(), names, names.empty() ? "The job has no `lookups:` at all." : "");
  }

  void make_absolute(Value* value) {
    if (value->is_list()) {
      for (std::size_t i = 0; i < value->size(); ++i) make_absolute(&value->at(i));
    }
    if (!value->is_scalar() || context_.folder.empty()) return;
    std::string_view path = value->text();
    if (path.empty() || path == "-" || path.find("://") != path.npos) return;
    if (path.front() == '/') {
      value->set_path(std::string(path), path_from(context_.folder, std::string(path)));
      return;
    }
    while (path.starts_with("./")) path.remove_prefix(2);
    const bool root = context_.folder.ends_with('/');
    const std::string meaning = std::filesystem::path(path).lexically_normal().string();
    value->set_path(context_.folder + (root ? "" : "/") + std::string(path), meaning);
  }

  void report_unknown(const OptionSchema& schema, const Value& value, const std::string& key,
                      Place place, const std::string& path) {
    std::vector<std::string> names = schema.property_names;
    if (path.empty()) {
      names.insert(names.end(), context_.host_keys.begin(), context_.host_keys.end());
    }
    const std::string near = faults_->full() ? "" : nearest(key, names);
    const auto meant = schema.properties.find(near);
    // A misspelt password is a password still.
    if (meant != schema.properties.end() && meant->second.secret) hide_copy(value);
    std::string help = path.empty() ? context_.help : "";
    if (help.empty()) help = noun() + "s: " + option_names(schema);
    faults_->add({Severity::kError, place, at(path) + "unknown " + noun() + " " + in_quotes(key),
                  near.empty() ? "" : "did you mean " + in_quotes(near) + "?", help, near});
  }
  void hide_copy(const Value& value) {
    if (value.is_scalar()) faults_->hide(value.place());
    for (std::size_t i = 0; i < value.size(); ++i) hide_copy(value.at(i));
  }

  void report_missing(const OptionSchema& schema, const std::string& name, Place place,
                      const std::string& path) {
    const auto property = schema.properties.find(name);
    const std::string doc = property == schema.properties.end() ? "" : property->second.description;
    faults_->add({Severity::kError, place,
                  at(path) + noun() + " " + in_quotes(name) + " is missing",
                  doc.empty() ? "" : name + ": " + doc, path.empty() ? context_.help : "", name});
  }

  void add_with_nearest(Place place, std::string message, std::string_view word,
                        const std::vector<std::string>& candidates, std::string help) {
    const std::string near = faults_->full() ? "" : nearest(word, candidates);
    faults_->add({Severity::kError, place, std::move(message),
                  near.empty() ? "" : "did you mean " + in_quotes(near) + "?", std::move(help),
                  near});
  }

  // What stands before a message: `sink "postgres": columns.spend: `.
  std::string at(const std::string& path) const {
    std::string text = context_.subject.empty() ? "" : context_.subject + ": ";
    if (!path.empty()) {
      const std::string shown = in_quotes(path);
      text += shown.substr(1, shown.size() - 2) + ": ";
    }
    return text;
  }
  std::string noun() const { return context_.subject.empty() ? "key" : "option"; }

  const OptionContext& context_;
  Faults* const faults_;
};

}  // namespace

void check_options(const OptionSchema& schema, const OptionContext& context, Value* options,
                   Faults* faults) {
  OptionCheck(context, faults).check_map(schema, options, context.place, "");
}

}  // namespace chunkmill::host
