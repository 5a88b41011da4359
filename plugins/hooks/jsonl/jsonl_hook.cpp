#include "jsonl_hook.hpp"

#include <algorithm>

#include "chunkmill/json.hpp"
#include "chunkmill/nearest.hpp"

namespace chunkmill::jsonl_hook {
namespace {

const std::vector<std::string> kEvents{"run_start", "chunk",     "retry",
                                       "fallback",  "threshold", "run_end"};

}  // namespace

void JsonlHook::configure(Options& options) {
  options.required("path", path_, "file to append to; it is made if it is not there");
  options.optional("events", events_,
                   "only these: run_start, chunk, retry, fallback, threshold, run_end; if not "
                   "given, all");
  if (options.describing()) return;
  for (const std::string& name : events_) {
    if (std::find(kEvents.begin(), kEvents.end(), name) != kEvents.end()) continue;
    const std::string near = nearest(name, kEvents);
    throw Error(CM_INVALID, "there is no event \"" + name + "\"" +
                                (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
        .at("events");
  }
}

void JsonlHook::event(std::string_view name, const EventValue& fields) {
  if (!events_.empty() && std::find(events_.begin(), events_.end(), name) == events_.end()) return;
  std::string line;
  JsonWriter json(&line);
  json.begin_object();
  bool named = false;
  for (size_t i = 0; i < fields.size(); ++i) named = named || fields.key(i) == "event";
  if (!named) json.field("event", name);
  for (size_t i = 0; i < fields.size(); ++i) {
    json.key(fields.key(i));
    fields[fields.key(i)].write(&json);
  }
  json.end_object();
  append(line + "\n");
}

void JsonlHook::append(std::string_view line) {
  if (!file_) {
    try {
      file_ = files::open_file(path_.value, O_WRONLY | O_APPEND | O_CREAT);
    } catch (const Error& error) {
      if (error.code() != CM_NOT_FOUND) throw;
      const std::string folder = files::folder_of(path_.value);
      throw Error(CM_NOT_FOUND, "the folder " + folder + " for " + path_.value +
                                    " is not there; create it: mkdir -p " + folder)
          .at(path_.value);
    }
  }
  ssize_t count = 0;
  do {
    count = ::write(file_.fd(), line.data(), line.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw files::file_error(path_.value, "cannot be written", errno);
  // The rest would not be one write with its beginning any more, but a torn line helps nobody.
  if (static_cast<size_t>(count) < line.size()) append(line.substr(static_cast<size_t>(count)));
}

}  // namespace chunkmill::jsonl_hook
