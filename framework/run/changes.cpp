#include "framework/run/changes.hpp"

#include <algorithm>
#include <map>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"
#include "framework/job/yaml_tree.hpp"
#include "framework/plan/pipeline.hpp"

namespace chunkmill::host {
namespace {

using Texts = std::map<std::string, std::string>;

constexpr size_t kMostShown = 100;

// Fit for a message: short, and without the password of an address.
std::string shown(std::string text) {
  const size_t scheme = text.find("://");
  const size_t host = text.find('@', scheme);
  if (scheme != std::string::npos && host != std::string::npos) {
    const size_t colon = text.find(':', scheme + 3);
    if (colon < host) text.replace(colon + 1, host - colon - 1, "***");
  }
  return text.size() <= kMostShown ? text : text.substr(0, kMostShown - 3) + "...";
}

void flatten(const Value& value, const std::string& path, Texts* out) {
  if (value.is_scalar()) {
    (*out)[path] = value.text();
    return;
  }
  for (size_t i = 0; i < value.size(); ++i)
    flatten(value.at(i), path + "." + (value.is_map() ? value.key(i) : std::to_string(i)), out);
}

// The options of a part "csv {...}" by their paths, and its type; the text itself for other parts.
Texts keys_of(const std::string& name, const std::string& text) {
  Texts out;
  const size_t brace = text.find(" {");
  if (name.starts_with("job: ") && brace != std::string::npos) {
    Faults faults;
    const SourceText options(std::string_view(text).substr(brace + 1));
    if (const std::optional<Value> tree = read_yaml(options, 0, &faults); tree) {
      out[name + ".type"] = text.substr(0, brace);
      flatten(*tree, name, &out);
      return out;
    }
  }
  out[name] = text;
  return out;
}

Texts keys_of(const FingerprintParts& parts) {
  Texts out;
  for (const auto& [name, text] : parts) out.merge(keys_of(name, text));
  return out;
}

bool is_input(const std::string& name) { return name.starts_with(kInputPart); }

}  // namespace

Changes compare(const FingerprintParts& before, const FingerprintParts& now) {
  const Texts old_parts(before.begin(), before.end());
  const Texts new_parts(now.begin(), now.end());
  Changes out;
  std::map<std::string, std::string> old_contents;  // and one of the names that had it
  for (const auto& [name, text] : old_parts)
    if (is_input(name)) old_contents[text] = name;
  for (const auto& [name, text] : new_parts) {
    const auto found = old_parts.find(name);
    const bool differs = found == old_parts.end() || found->second != text;
    if (is_input(name)) {
      const std::string file = name.substr(kInputPart.size());
      const auto same = old_contents.find(text);
      out.has_inputs = true;
      if (same != old_contents.end()) out.kept.push_back(file);
      if (differs) (found == old_parts.end() ? out.added : out.changed).push_back(file);
      if (found == old_parts.end() && same != old_contents.end() &&
          !new_parts.contains(same->second))
        out.renamed.emplace_back(same->second.substr(kInputPart.size()), file);
    } else if (differs) {
      out.job |= name.starts_with("job: ");
      out.source |= name == "job: source";
      out.lookups |= name.starts_with("lookup: ");
    }
  }
  for (const auto& [name, text] : old_parts) {
    if (new_parts.contains(name)) continue;
    if (is_input(name)) out.removed.push_back(name.substr(kInputPart.size()));
    out.job |= name.starts_with("job: ");
  }
  return out;
}

std::string list_changes(const FingerprintParts& before, const FingerprintParts& now) {
  const Texts old_keys = keys_of(before);
  const Texts new_keys = keys_of(now);
  std::string out;
  for (const auto& [name, text] : old_keys) {
    const auto found = new_keys.find(name);
    if (found == new_keys.end()) {
      out += "\n  gone:    " + name + " = " + shown(text);
    } else if (found->second != text) {
      out += "\n  changed: " + name + "\n    before: " + shown(text) +
             "\n    now:    " + shown(found->second);
    }
  }
  for (const auto& [name, text] : new_keys)
    if (!old_keys.contains(name)) out += "\n  new:     " + name + " = " + shown(text);
  return out;
}

std::string names_text(const std::vector<std::string>& names) {
  constexpr size_t kMostNames = 5;
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
    out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMostNames)
    out += " and " + std::to_string(names.size() - kMostNames) + " more";
  return out;
}

}  // namespace chunkmill::host
