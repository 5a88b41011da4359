// The ledger of a file that is written chunk by chunk, as text: lines of a checksum and fields
// between tabs, each line a change to the state before it. A crash may cut the last line short;
// reading ends at the first line that is not whole. docs: plugins/sinks/csv/README.md.
//
//   run    job, run, fingerprint, owner, epoch, boot    a run attached; splits stay as they are
//   chunk  offset, split, position, next chunk, epoch, done, rows in, out, rejected, filtered
//   tail   size, hash                                   the last bytes before the chunk's offset
//   start  offset                                       the file begins with so many bytes
//   durable                                             all before this line is on the disk
//   finish size                                         the file is complete, its name comes next
//   done   size, mark                                   it has its name
//   shape  text                                         how the rows are written: header, style
//   keep                                                the run above is finished; its rows stay
//   base   size, mark                                   the run adds to a finished file so large
//
// No I/O here. Threads: one at a time.
#pragma once

#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/hash.hpp"
#include "chunkmill/sink.hpp"

namespace chunkmill::files {

// One line: fields that may hold any bytes.
class LedgerLine {
 public:
  explicit LedgerLine(std::string_view kind) : text_(17, '\t') { text_ += kind; }

  LedgerLine& field(std::string_view value) {
    text_ += '\t';
    for (const char c : value) {
      switch (c) {
        case '\t':
          text_ += "\\t";
          break;
        case '\n':
          text_ += "\\n";
          break;
        case '\\':
          text_ += "\\\\";
          break;
        default:
          text_ += c;
      }
    }
    return *this;
  }
  LedgerLine& field(uint64_t value) {
    text_ += '\t';
    append_integer(&text_, value);
    return *this;
  }
  // The line with its checksum and newline.
  const std::string& finish() {
    text_.replace(0, 16, hex64(stable_hash(std::string_view(text_).substr(17))));
    text_ += '\n';
    return text_;
  }

 private:
  std::string text_;
};

using Splits = std::map<std::string, SplitState, std::less<>>;

// A finished run whose rows are in the file, below those of the run that is attached.
struct KeptRun {
  Run run;
  Splits splits;
};

// A file, or a part of it, as it was left: what tells whether somebody has changed it since.
struct FileMark {
  uint64_t size = 0;
  uint64_t hash = 0;  // of the ends of a finished file; 0: an older ledger, which has none
};

// What the lines add up to.
struct LedgerState {
  Run run;
  std::string boot;  // of the machine, when the run attached
  std::string shape;
  uint64_t offset = 0;  // of the whole file, what it adds to included
  Splits splits;
  std::map<std::string, KeptRun, std::less<>> kept;  // by job
  std::optional<FileMark> base;                      // the finished file that the run adds to
  uint64_t mark = 0;                                 // FileMark::hash of the named file
  FileMark tail;          // the last bytes before `offset`; size 0: unknown
  bool attached = false;  // there is a run at all
  bool durable = false;   // nothing was written since all was on the disk
  bool complete = false;  // `offset` is the size of the whole file
  bool named = false;     // and it has its name

  // Where the partial file begins in the whole one.
  uint64_t base_size() const { return base ? base->size : 0; }
  bool is_of(const Run& other) const {
    return attached && run.job == other.job && run.run == other.run;
  }
  // Forgets what the run has committed since it began to add to the file, or at all.
  void start_over() {
    const auto had = kept.find(run.job);
    const bool known = had != kept.end() && had->second.run.run == run.run;
    splits = known ? had->second.splits : Splits();
    offset = base_size();
    tail = {};
    complete = durable = false;
  }
  // The run in hand is finished and stays; another one comes.
  void keep() {
    kept.insert_or_assign(run.job, KeptRun{run, std::move(splits)});
    splits.clear();
    tail = {};
    attached = false;
  }
  // Takes the lines in `text` up to the first that is not whole. Returns the bytes taken.
  size_t apply(std::string_view text);
  // The lines that give this state again.
  std::string lines() const;

  static std::string run_line(const Run& run, std::string_view boot) {
    return LedgerLine("run")
        .field(run.job)
        .field(run.run)
        .field(run.fingerprint)
        .field(run.owner)
        .field(run.epoch)
        .field(boot)
        .finish();
  }
  static std::string chunk_line(uint64_t offset, std::string_view split, const SplitState& state) {
    return LedgerLine("chunk")
        .field(offset)
        .field(split)
        .field(state.position)
        .field(state.next_chunk)
        .field(state.epoch)
        .field(uint64_t{state.done})
        .field(state.counts.rows_in)
        .field(state.counts.rows_out)
        .field(state.counts.rows_rejected)
        .field(state.counts.rows_filtered)
        .finish();
  }
  static std::string tail_line(const FileMark& tail) {
    return LedgerLine("tail").field(tail.size).field(tail.hash).finish();
  }

 private:
  bool apply_line(const std::vector<std::string>& fields);
};

namespace detail {

inline bool ledger_number(const std::string& text, uint64_t* out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return fault == std::errc() && end == text.data() + text.size();
}

// The fields of a line without its newline; empty when it is damaged.
inline std::vector<std::string> ledger_fields(std::string_view line) {
  if (line.size() < 18 || line[16] != '\t') return {};
  uint64_t sum = 0;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + 16, sum, 16);
  if (fault != std::errc() || end != line.data() + 16) return {};
  line.remove_prefix(17);
  if (stable_hash(line) != sum) return {};
  std::vector<std::string> fields(1);
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t') {
      fields.emplace_back();
    } else if (line[i] == '\\' && i + 1 < line.size()) {
      const char c = line[++i];
      fields.back() += c == 't' ? '\t' : c == 'n' ? '\n' : c;
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

}  // namespace detail

inline size_t LedgerState::apply(std::string_view text) {
  size_t taken = 0;
  while (true) {
    const size_t end = text.find('\n', taken);
    if (end == text.npos) return taken;
    const std::vector<std::string> fields = detail::ledger_fields(text.substr(taken, end - taken));
    if (fields.empty() || !apply_line(fields)) return taken;
    taken = end + 1;
  }
}

inline bool LedgerState::apply_line(const std::vector<std::string>& fields) {
  using detail::ledger_number;
  const std::string& kind = fields[0];
  if (kind == "run" && fields.size() == 7) {
    Run next{fields[1], fields[2], fields[3], fields[4], 0};
    if (!ledger_number(fields[5], &next.epoch)) return false;
    run = std::move(next);
    boot = fields[6];
    attached = true;
    return true;
  }
  if (kind == "chunk" && fields.size() == 11) {
    SplitState state;
    uint64_t end = 0;
    uint64_t done = 0;
    state.position = fields[3];
    const std::array<uint64_t*, 7> numbers{
        &state.next_chunk,          &state.epoch,           &done,
        &state.counts.rows_in,      &state.counts.rows_out, &state.counts.rows_rejected,
        &state.counts.rows_filtered};
    for (size_t i = 0; i < 7; ++i)
      if (!ledger_number(fields[4 + i], numbers[i])) return false;
    if (!ledger_number(fields[1], &end)) return false;
    state.done = done != 0;
    splits.insert_or_assign(fields[2], std::move(state));
    offset = end;
    tail = {};
    durable = false;
    return true;
  }
  if (kind == "durable" && fields.size() == 1) return durable = true;
  if (kind == "shape" && fields.size() == 2) {
    shape = fields[1];
    return true;
  }
  if (kind == "keep" && fields.size() == 1) {
    keep();
    return true;
  }
  uint64_t size = 0;
  uint64_t hash = 0;
  if (fields.size() < 2 || fields.size() > 3 || !ledger_number(fields[1], &size)) return false;
  if (fields.size() == 3 && !ledger_number(fields[2], &hash)) return false;
  if (kind == "tail") {
    tail = FileMark{size, hash};
    return true;
  }
  if (kind == "base") {
    base = FileMark{size, hash};
    offset = size;
    return true;
  }
  if (kind != "start" && kind != "finish" && kind != "done") return false;
  offset = size;
  durable = kind != "start";
  complete = kind != "start";
  named = kind == "done";
  mark = hash;
  return true;
}

inline std::string LedgerState::lines() const {
  std::string text;
  for (const auto& [job, had] : kept) {
    text += run_line(had.run, boot);
    for (const auto& [split, state] : had.splits) text += chunk_line(0, split, state);
    text += LedgerLine("keep").finish();
  }
  text += run_line(run, boot);
  if (!shape.empty()) text += LedgerLine("shape").field(shape).finish();
  if (base) text += LedgerLine("base").field(base->size).field(base->hash).finish();
  for (const auto& [split, state] : splits) text += chunk_line(offset, split, state);
  if (splits.empty()) text += LedgerLine("start").field(offset).finish();
  if (tail.size != 0) text += tail_line(tail);
  if (durable) text += LedgerLine("durable").finish();
  if (complete) text += LedgerLine(named ? "done" : "finish").field(offset).field(mark).finish();
  return text;
}

}  // namespace chunkmill::files
