// Faults: everything that is wrong with a job file, found in one pass, and how it is shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "framework/job/value.hpp"

namespace chunkmill::host {

enum class Severity { kError, kWarning };

struct Fault {
  Severity severity = Severity::kError;
  Place place;             // unknown: the fault is of the file as a whole
  std::string message;     // what is wrong: `sink "postgres": unknown option "tabel"`
  std::string caret_note;  // stands behind the carets: `did you mean "table"?`
  std::string help;        // a line below the excerpt: the options there are, where to read on
  std::string suggestion;  // the nearest name alone, for tools; empty if there is none
};

// Collects faults. The same fault at the same place is kept once (an alias repeats what it stands
// for); beyond kKept, faults are counted and not kept, so that a hostile file costs no memory.
class Faults {
 public:
  static constexpr std::size_t kKept = 1000;
  static constexpr std::size_t kShown = 50;

  void add(Fault fault);
  void error(Place place, std::string message, std::string caret_note = {}, std::string help = {});
  void warning(Place place, std::string message, std::string caret_note = {},
               std::string help = {});

  // Sorted by place.
  const std::vector<Fault>& all() const { return faults_; }
  // Counts those not kept too.
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  bool has_errors() const { return errors_ > 0; }
  bool full() const { return faults_.size() >= kKept; }

  // A value that no excerpt may show.
  void hide(Place place);
  const std::vector<Place>& hidden() const { return hidden_; }

  // What stands behind `--set`, for places whose source is not the job file.
  void set_overrides(std::vector<std::string> overrides) { overrides_ = std::move(overrides); }
  const std::vector<std::string>& overrides() const { return overrides_; }

 private:
  std::vector<Fault> faults_;
  std::vector<Place> hidden_;
  std::vector<std::string> overrides_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

// As a compiler shows it: place, message, the line with carets under the fault, help. `text` is the
// job file's text, `path` its name as the user wrote it. At most Faults::kShown, then "and N more".
// Ends in a newline unless there are none.
std::string render_text(const Faults& faults, std::string_view path, std::string_view text,
                        bool colour);

// A JSON array of {file, line, column, severity, message, suggestion, help}; line and column are 0
// for the file as a whole.
std::string render_json(const Faults& faults, std::string_view path);

// `"text"` for a message: cut when long, control characters made visible.
std::string in_quotes(std::string_view text);

}  // namespace chunkmill::host
