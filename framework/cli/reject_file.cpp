#include "framework/cli/reject_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "chunkmill/hash.hpp"
#include "chunkmill/parse.hpp"
#include "chunkmill/utf8.hpp"
#include "framework/core/json_value.hpp"
#include "framework/data/value_text.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host::cli {

std::string to_base64(std::string_view bytes) {
  std::string out;
  append_base64(&out, bytes);
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

Status RejectFile::fault(const std::string& what) const {
  return Status(Code::kUsage, path_ + ":" + std::to_string(begins_) + ": " + what);
}

Result<std::unique_ptr<RejectFile>> RejectFile::open(const std::string& path) {
  if (!path.ends_with(".csv") && !path.ends_with(".jsonl"))
    return Status(Code::kUsage, "--from is a FILE.csv or a FILE.jsonl, not \"" + path + "\"");
  std::unique_ptr<RejectFile> file(new RejectFile(path));
  file->in_.open(path, std::ios::binary);
  if (!file->in_) return Status(Code::kUsage, "cannot read " + path + ": " + std::strerror(errno));
  uint64_t hash = stable_hash("");
  std::string piece(size_t{1} << 16, '\0');
  while (file->in_.read(piece.data(), static_cast<std::streamsize>(piece.size())),
         file->in_.gcount() > 0)
    hash = stable_hash(std::string_view(piece).substr(0, static_cast<size_t>(file->in_.gcount())),
                       hash);
  file->identity_ = hex64(hash);
  file->in_.clear();
  file->in_.seekg(0);
  if (path.ends_with(".csv")) RETURN_IF_ERROR(file->read_header());
  return file;
}

Status RejectFile::read_header() {
  std::string head;
  std::getline(in_, head);
  in_.clear();
  in_.seekg(0);
  if (head.starts_with("\xEF\xBB\xBF")) in_.seekg(3);
  for (const char c : {',', ';', '\t'})
    if (head.find("id" + std::string(1, c)) != head.npos) {
      delimiter_ = c;
      break;
    }
  std::vector<std::string> names;
  ASSIGN_OR_RETURN(const bool there, read_fields(&names));
  const auto place = [&](const char* name) -> std::optional<size_t> {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<size_t>(found - names.begin());
  };
  const std::optional<size_t> id = place("id");
  const std::optional<size_t> raw = place("raw");
  if (!there || !id || !raw)
    return fault(
        "the first line must name the columns `id` and `raw`, as `rejects export` "
        "writes them");
  id_at_ = *id;
  raw_at_ = *raw;
  base64_at_ = place("raw_base64");
  return Status();
}

Result<bool> RejectFile::read_fields(std::vector<std::string>* fields) {
  fields->clear();
  begins_ = line_ + 1;
  std::string field;
  bool quoted = false;
  bool any = false;
  for (int c = in_.get(); c != EOF; c = in_.get()) {
    any = true;
    const char letter = static_cast<char>(c);
    if (letter == '\n') ++line_;
    if (quoted) {
      if (letter != '"') {
        field += letter;
      } else if (in_.peek() == '"') {
        field += static_cast<char>(in_.get());
      } else {
        quoted = false;
      }
    } else if (letter == '"' && field.empty()) {
      quoted = true;
    } else if (letter == delimiter_) {
      fields->push_back(std::move(field));
      field.clear();
    } else if (letter == '\n') {
      break;
    } else if (letter != '\r' || in_.peek() != '\n') {
      field += letter;
    }
  }
  if (quoted) return fault("the quote that is opened in this record is never closed");
  if (any) fields->push_back(std::move(field));
  return any;
}

Result<std::optional<EditedRecord>> RejectFile::next() {
  return path_.ends_with(".csv") ? next_csv() : next_json();
}

Result<std::optional<EditedRecord>> RejectFile::next_csv() {
  std::vector<std::string> fields;
  do {
    ASSIGN_OR_RETURN(const bool more, read_fields(&fields));
    if (!more) return std::optional<EditedRecord>();
  } while (fields.size() == 1 && fields[0].empty());
  if (fields.size() <= std::max(id_at_, raw_at_))
    return fault("the record has " + std::to_string(fields.size()) +
                 " fields, fewer than the first line names");
  const bool packed = base64_at_ && *base64_at_ < fields.size();
  return record(fields[id_at_], std::move(fields[raw_at_]),
                packed ? fields[*base64_at_] : std::string());
}

Result<std::optional<EditedRecord>> RejectFile::next_json() {
  std::string text;
  do {
    if (!std::getline(in_, text)) return std::optional<EditedRecord>();
    begins_ = ++line_;
  } while (text.find_first_not_of(" \t\r") == text.npos);
  const Result<JsonValue> value = parse_json(text);
  if (!value.ok()) return fault("it is not a JSON object: " + value.status().message());
  const auto member = [&](const char* name) {
    const JsonValue* found = value->find(name);
    return found == nullptr ? std::string() : found->text;
  };
  return record(member("id"), member("raw"), member("raw_base64"));
}

// A text that was edited counts, and bytes that no text can hold where it was not.
Result<std::optional<EditedRecord>> RejectFile::record(const std::string& id, std::string raw,
                                                       const std::string& base64) const {
  EditedRecord out;
  if (parse_int64(id, &out.id) != ParseFault::kNone || out.id < 1)
    return fault("\"" + id + "\" is not the id of a reject");
  out.raw = std::move(raw);
  if (!base64.empty()) {
    std::optional<std::string> bytes = from_base64(base64);
    if (!bytes) return fault("`raw_base64` is not base64");
    if (out.raw.empty() || out.raw == readable_utf8(*bytes)) out.raw = std::move(*bytes);
  }
  if (out.raw.empty())
    return fault("reject " + id +
                 " has no text in `raw`; leave its line out, or drop it with `chunkmill rejects "
                 "dismiss`");
  return std::optional<EditedRecord>(std::move(out));
}

}  // namespace chunkmill::host::cli
