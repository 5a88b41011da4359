#include "json_record.hpp"

#include "explain_json.hpp"
#include "number_text.hpp"

namespace chunkmill::jsonl {
namespace {

namespace ondemand = simdjson::ondemand;

// Deeper nesting than this is nobody's data.
constexpr int kMaxDepth = 500;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed_right(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

RecordFault fault_of(simdjson::error_code error, std::string_view record) {
  if (error == simdjson::UTF8_ERROR) return {"bad_utf8", explain_bytes(record), {}};
  if (error == simdjson::DEPTH_ERROR)
    return {"bad_json", "objects and arrays are nested more than 500 deep", {}};
  if (error == simdjson::CAPACITY || error == simdjson::MEMALLOC)
    return {"record_too_large", "the record is too large to be read", {}};
  const std::string why = explain_json(record);
  return {"bad_json", why.empty() ? simdjson::error_message(error) : why, {}};
}

// The parts of "a.b.c" or "/a/b/c".
std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps(1);
  const bool is_pointer = path.starts_with('/');
  if (is_pointer) path.remove_prefix(1);
  for (size_t i = 0; i < path.size(); ++i) {
    const char next = i + 1 < path.size() ? path[i + 1] : '\0';
    if (path[i] == (is_pointer ? '/' : '.')) {
      steps.emplace_back();
    } else if (is_pointer && path[i] == '~' && (next == '0' || next == '1')) {
      steps.back() += next == '0' ? '~' : '/';
      ++i;
    } else {
      steps.back() += path[i];
    }
  }
  return steps;
}

}  // namespace

void ColumnPaths::add(std::string_view path, size_t column) {
  Node* node = &root_;
  for (const std::string& step : steps_of(path)) {
    std::unique_ptr<Node>& child = node->children[step];
    if (child == nullptr) child = std::make_unique<Node>();
    node = child.get();
  }
  node->columns.push_back(column);
  column_count_ = std::max(column_count_, column + 1);
}

// A token that is no string, object or array.
bool JsonRecordReader::read_scalar(std::string_view token, JsonValue* out) {
  token = trimmed_right(token);
  out->text = token;
  if (token == "null") {
    out->kind = JsonKind::kNull;
  } else if (token == "true" || token == "false") {
    out->kind = JsonKind::kBool;
  } else {
    out->kind = JsonKind::kNumber;
    return is_json_number(token);
  }
  return true;
}

simdjson::error_code JsonRecordReader::walk(ondemand::value value, const Node* node, int depth,
                                            JsonValue* out) {
  const std::string_view token = value.raw_json_token();
  if (token.empty()) return simdjson::TAPE_ERROR;
  if (node != nullptr) forget(*node);
  switch (token[0]) {
    case '{':
    case '[': {
      if (const auto error = walk_nested(value, node, depth)) return error;
      // The iterator stands at what follows; only blanks lie between.
      const char* end = nullptr;
      if (const auto error = document_->current_location().get(end)) return error;
      const std::string_view text(token.data(), static_cast<size_t>(end - token.data()));
      *out = {JsonKind::kNested, trimmed_right(text)};
      break;
    }
    case '"':
      out->kind = JsonKind::kString;
      if (const auto error = value.get_string().get(out->text)) return error;
      break;
    default:
      if (!read_scalar(token, out)) return simdjson::TAPE_ERROR;
  }
  if (node != nullptr)
    for (const size_t column : node->columns) values_[column] = *out;
  return simdjson::SUCCESS;
}

// When a key comes twice the last one counts, with all that is in it.
void JsonRecordReader::forget(const Node& node) {
  for (const auto& [key, child] : node.children) {
    for (const size_t column : child->columns) values_[column] = JsonValue();
    forget(*child);
  }
}

simdjson::error_code JsonRecordReader::walk_nested(ondemand::value value, const Node* node,
                                                   int depth) {
  if (depth == kMaxDepth) return simdjson::DEPTH_ERROR;
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  JsonValue scrap;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto member : object) {
      std::string_view key;
      if (const auto error = member.unescaped_key().get(key)) return error;
      ondemand::value inner;
      if (const auto error = member.value().get(inner)) return error;
      const Node* const child = node == nullptr ? nullptr : node->find(key);
      if (const auto error = walk(inner, child, depth + 1, &scrap)) return error;
    }
    return simdjson::SUCCESS;
  }
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  size_t index = 0;
  for (auto element : array) {
    ondemand::value inner;
    if (const auto error = element.get(inner)) return error;
    const bool wanted = node != nullptr && !node->children.empty();
    const Node* const child = wanted ? node->find(std::to_string(index)) : nullptr;
    if (const auto error = walk(inner, child, depth + 1, &scrap)) return error;
    ++index;
  }
  return simdjson::SUCCESS;
}

RecordFault JsonRecordReader::open_object(std::string_view text, ondemand::document* document,
                                          ondemand::object* object) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {"bad_json", "the record is blank", {}};
  const simdjson::padded_string_view padded(text.data(), text.size(),
                                            text.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser_.iterate(padded).get(*document)) return fault_of(error, text);
  document_ = document;
  if (text[first] != '{') return {"not_an_object", explain_other(text.substr(first)), {}};
  if (const auto error = document->get_object().get(*object)) return fault_of(error, text);
  return {};
}

RecordFault JsonRecordReader::close(ondemand::document& document, std::string_view text) {
  if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return {};
  return fault_of(simdjson::TRAILING_CONTENT, text);
}

RecordFault JsonRecordReader::read(std::string_view text, const ColumnPaths& paths) {
  values_.assign(paths.column_count(), JsonValue());
  others_.clear();
  ondemand::document document;
  ondemand::object object;
  if (RecordFault fault = open_object(text, &document, &object)) return fault;
  JsonValue scrap;
  for (auto member : object) {
    std::string_view key;
    if (const auto error = member.unescaped_key().get(key)) return fault_of(error, text);
    ondemand::value value;
    if (const auto error = member.value().get(value)) return fault_of(error, text);
    const Node* const node = paths.find(key);
    if (const auto error = walk(value, node, 1, &scrap)) return fault_of(error, text);
    if (node == nullptr) others_.emplace_back(key, scrap.kind);
  }
  return close(document, text);
}

RecordFault JsonRecordReader::read_top_level(
    std::string_view text, std::vector<std::pair<std::string, JsonValue>>* members) {
  members->clear();
  ondemand::document document;
  ondemand::object object;
  if (RecordFault fault = open_object(text, &document, &object)) return fault;
  for (auto member : object) {
    std::string_view key;
    if (const auto error = member.unescaped_key().get(key)) return fault_of(error, text);
    auto& [name, out] = members->emplace_back(std::string(key), JsonValue());
    ondemand::value value;
    if (const auto error = member.value().get(value)) return fault_of(error, text);
    if (const auto error = walk(value, nullptr, 1, &out)) return fault_of(error, text);
  }
  return close(document, text);
}

}  // namespace chunkmill::jsonl
