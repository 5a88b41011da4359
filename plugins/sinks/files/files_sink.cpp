#include "files_sink.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "chunkmill/files/file.hpp"
#include "chunkmill/nearest.hpp"

namespace chunkmill::files_sink {
namespace {

// What file systems take, less room for the name for the time being.
constexpr size_t kLongestName = 200;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

const char* fault_of_name(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > kLongestName) return "it is longer than 200 bytes";
  if (name.front() == '.') return "it begins with a dot";
  if (name.find_first_of("/\\") != name.npos)
    return "it has a slash: files go into the folder itself";
  if (std::any_of(name.begin(), name.end(), is_control)) return "it has a control character";
  return nullptr;
}

bool FilesLane::begin(const Chunk& chunk) {
  abort();
  suffix_ = ".chunkmill-" + std::to_string(chunk.epoch()) + "-" + std::to_string(chunk.sequence());
  return true;
}

void FilesLane::write(uint32_t, const Batch& batch, RowErrors& errors) {
  const auto names = batch.column<std::string_view>(name_);
  const bool text = batch.schema()[content_].type == Type::kUtf8;
  const auto texts =
      text ? batch.column<std::string_view>(content_) : ColumnView<std::string_view>();
  const auto bytes = text ? ColumnView<Binary>() : batch.column<Binary>(content_);
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    if (skip_nameless_ && names.is_null(row)) continue;
    const std::string_view name = names.is_null(row) ? std::string_view() : names[row];
    if (const char* const fault = fault_of_name(name)) {
      errors.report(
          row, "bad_file_name",
          "\"" + std::string(name.substr(0, kLongestName)) + "\" is no name of a file: " + fault,
          name_column_);
      continue;
    }
    const bool empty = text ? texts.is_null(row) : bytes.is_null(row);
    write_file(name, empty ? std::string_view() : text ? texts[row] : bytes[row].bytes);
  }
  if (errors.count() > 0) throw Error(CM_DATA, "rows have names that no file can have");
}

void FilesLane::write_file(std::string_view name, std::string_view content) {
  WaitingFile file;
  file.path = folder_ + "/" + std::string(name);
  file.temporary = folder_ + "/." + std::string(name) + suffix_;
  // Known before it is there, so that it is taken away whatever happens.
  const std::string temporary = file.temporary;
  waiting_.push_back(std::move(file));
  const files::OpenFile out = files::open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  files::write_at(out, temporary, 0, content);
  files::sync_data(out, temporary);
}

void FilesLane::commit(const Counts&) {
  for (const WaitingFile& file : waiting_) {
    // The same name twice in a chunk: the later row has written the file already.
    struct stat facts {};
    if (::stat(file.temporary.c_str(), &facts) != 0 && errno == ENOENT) continue;
    files::rename_file(file.temporary, file.path);
  }
  if (!waiting_.empty()) files::sync_folder_of(waiting_.back().path);
  waiting_.clear();
}

void FilesLane::abort() noexcept {
  for (const WaitingFile& file : waiting_) std::remove(file.temporary.c_str());
  waiting_.clear();
}

void FilesSink::configure(Options& opt) {
  opt.required("folder", folder_, "where the files go; made if it is not there");
  opt.optional("name", name_, "column with the name of the file");
  opt.optional("content", content_, "column with what is in it, a text or bytes");
  opt.choice("nameless", skip_nameless_, {{"reject", false}, {"skip", true}},
             "what becomes of a row whose name is null: a reject, or no file");
}

size_t FilesSink::column(const Schema& schema, const std::string& name, const char* option) const {
  const int found = schema.find(name);
  if (found >= 0) return static_cast<size_t>(found);
  const std::string near = nearest(name, schema.names());
  throw Error(CM_INVALID, "there is no column \"" + name + "\"" +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
      .at(option);
}

SinkAbilities FilesSink::bind(const std::vector<SinkStream>& streams) {
  if (streams.size() != 1)
    throw Error(CM_INVALID, "it writes one stream; give each further one a sink of its own")
        .at("tables");
  const Schema& schema = streams.front().schema;
  name_at_ = column(schema, name_, "name");
  content_at_ = column(schema, content_, "content");
  if (schema[name_at_].type != Type::kUtf8)
    throw Error(CM_INVALID, "column \"" + name_ + "\" is a " + schema[name_at_].type_text() +
                                " where a string is needed")
        .at("name");
  if (const Type type = schema[content_at_].type; type != Type::kUtf8 && type != Type::kBinary)
    throw Error(CM_INVALID, "column \"" + content_ + "\" is a " + schema[content_at_].type_text() +
                                " where a string or binary is needed")
        .at("content");
  return {CM_SINK_TRANSACTIONAL | CM_SINK_PER_ROW_RESULT | CM_SINK_APPENDS | CM_SINK_SHOWS_ORDER, 1,
          0};
}

void FilesSink::check() {
  std::error_code failed;
  const auto kind = std::filesystem::status(folder_.value, failed).type();
  if (kind == std::filesystem::file_type::directory ||
      kind == std::filesystem::file_type::not_found)
    return;
  throw Error(CM_INVALID, folder_.value + " is not a folder").at("folder");
}

void FilesSink::attach(const Run&) {
  std::error_code failed;
  std::filesystem::create_directories(folder_.value, failed);
  if (failed) throw files::file_error(folder_.value, "cannot be made", failed.value());
}

std::unique_ptr<SinkLane> FilesSink::open() {
  return std::make_unique<FilesLane>(folder_.value, name_at_, content_at_, name_, skip_nameless_);
}

}  // namespace chunkmill::files_sink
