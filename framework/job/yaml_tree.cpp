#include "framework/job/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "framework/job/scalar_extent.hpp"
#include "framework/job/secret_guess.hpp"
#include "framework/job/text_check.hpp"

namespace chunkmill::host {
namespace {

// Ends the parse from inside an event, after the fault was reported.
struct Stop {};

// A finished node that an alias may stand for, and what a copy of it costs.
struct Anchored {
  Value value;
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  int height = 0;
};

// Builds the tree from yaml-cpp's events. Its Node would do it too, but swallows duplicate keys,
// forgets where keys stand, and turns a self-referring alias into a loop.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, std::size_t begin, Faults* faults)
      : source_(source), begin_(begin), faults_(faults) {
    inside_text_.resize(static_cast<std::size_t>(source.line_count()) + 1);
  }

  std::optional<Value> take() { return std::move(root_); }
  // By line: whether it is the second or a later line of a scalar, where a tab is content.
  const std::vector<bool>& inside_text() const { return inside_text_; }
  // After the last event of a text that is YAML to its end.
  void finish() {
    end_text(source_.line_count() + 1);
    // Kept until now because yaml-cpp takes a bracket that nothing closes for a key.
    for (const Place& where : odd_keys_) faults_->error(where, "a key must be a text", "quote it");
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root_) return;
    if (source_.text().compare(offset(mark), 3, "---") == 0) {
      fail(place(mark, 3), "a second YAML document: a job file holds one", "remove the rest");
    }
    fail(place(mark, 1), "more text after the end of the job", "is the indentation right?");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::string_view written = written_null(mark);
    if (wants_key()) {
      // A key is a text, also where it reads `null`: an option may have that name.
      if (!written.empty()) {
        return add_key(std::string(written), place(mark, written.size()), true);
      }
      faults_->error(place(mark, 1), "a key is missing before the colon");
      return pending_key({}, {}, true);
    }
    Value null;
    null.set_place(!stack_.empty() && stack_.back().has_key && written.empty()
                       ? stack_.back().key_place
                       : place(mark, 1));
    add_node(mark, std::move(null), anchor, {.nodes = 1});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const ScalarExtent extent = find_scalar(source_.text(), offset(mark), text);
    const Place where = source_.place(extent.begin, extent.length);
    check_tag(mark, tag, true);
    if (!extent.closed) {
      fail(source_.place(extent.begin, 1), "a quote that nothing closes",
           "it runs to the end of the file");
    }
    if (text.find('\0') != std::string::npos) {
      faults_->error(where, "a NUL character in a text", "remove it");
    }
    begin_text(mark);
    if (wants_key()) {
      spend({.nodes = 1, .bytes = text.size()}, where);
      add_key(text, where, extent.plain);
      if (anchor != 0) anchors_[anchor] = {Value::of(text), 1, text.size(), 0};
      return;
    }
    Value value = extent.plain && tag == "?" ? Value::plain(text) : Value::of(text);
    value.set_place(where);
    add(std::move(value), anchor, {.nodes = 1, .bytes = text.size()});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    end_text(mark.line + 1);
    const Place where = place(mark, name_length(mark));
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      fail(where, "an alias inside the very thing it stands for", "remove it");
    }
    if (wants_key()) {
      if (!found->second.value.is_scalar()) {
        faults_->error(where, "a key must be a text");
        return pending_key({}, where, true);
      }
      return add_key(found->second.value.text(), where, true);
    }
    if (static_cast<int>(stack_.size()) + found->second.height > kMaxDepth) too_deep(where);
    add(found->second.value, 0, {found->second.nodes, found->second.bytes, found->second.height},
        where);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::list());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Value::map());
  }
  void OnMapEnd() override { close(); }

 private:
  struct Cost {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    int height = 0;
  };

  // A list or map that is still open.
  struct Frame {
    Value value;
    YAML::anchor_t anchor = 0;
    Cost cost{.nodes = 1};
    bool is_key = false;  // stands where a key should: reported, and thrown away

    std::unordered_map<std::string, Place> keys;
    bool has_key = false;
    std::string key;
    Place key_place;
    bool dropped = false;  // the pending key was reported: its value is thrown away
  };

  std::size_t offset(const YAML::Mark& mark) const {
    return begin_ + static_cast<std::size_t>(std::max(0, mark.pos));
  }
  Place place(const YAML::Mark& mark, std::size_t length) const {
    return source_.place(offset(mark), length);
  }
  // Of the `*name` at `mark`.
  std::size_t name_length(const YAML::Mark& mark) const {
    const std::size_t end = source_.text().find_first_of(" \t\r\n,]}", offset(mark));
    return std::min(end, source_.text().size()) - offset(mark);
  }
  // How the source writes the null at `mark`; empty when it writes nothing.
  std::string_view written_null(const YAML::Mark& mark) const {
    const std::string_view text = source_.text();
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
      if (text.substr(std::min(offset(mark), text.size())).starts_with(word)) return word;
    }
    return {};
  }

  [[noreturn]] void fail(Place where, std::string message, std::string note = {}) {
    faults_->error(where, std::move(message), std::move(note));
    throw Stop();
  }
  [[noreturn]] void too_deep(Place where) {
    fail(where, "nested more than " + std::to_string(kMaxDepth) + " levels deep");
  }
  void spend(const Cost& cost, Place where) {
    nodes_ += cost.nodes;
    bytes_ += cost.bytes;
    if (nodes_ > kMaxNodes || bytes_ > kMaxTreeBytes) {
      fail(where, "the file becomes too large here: a job may have " + std::to_string(kMaxNodes) +
                      " values and 4 MiB of text, after aliases are written out");
    }
  }

  // Every line from a scalar's second to the one before the next event may be the scalar's own.
  void begin_text(const YAML::Mark& mark) {
    end_text(mark.line + 1);
    text_line_ = mark.line + 1;
  }
  void end_text(int line) {
    for (int i = text_line_ + 1; text_line_ > 0 && i < line; ++i) {
      inside_text_[static_cast<std::size_t>(std::min(i, source_.line_count()))] = true;
    }
    text_line_ = 0;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag, bool scalar) {
    const bool known =
        tag.empty() || tag == "?" || tag == "!" || (scalar && tag == "tag:yaml.org,2002:str");
    if (!known) {
      faults_->error(place(mark, name_length(mark)), "a tag: a job file has none",
                     "remove it; quote a value to make it a text");
    }
  }

  bool wants_key() const {
    return !stack_.empty() && stack_.back().value.is_map() && !stack_.back().has_key;
  }
  void pending_key(std::string key, Place where, bool dropped) {
    Frame& frame = stack_.back();
    frame.has_key = true;
    frame.key = std::move(key);
    frame.key_place = where;
    frame.dropped = dropped;
  }
  void add_key(const std::string& key, Place where, bool plain) {
    if (plain && key == "<<") {
      faults_->error(where, "a merge key: a job file has none",
                     "write the keys out, or use an alias for a whole value");
      return pending_key(key, where, true);
    }
    const auto [first, is_new] = stack_.back().keys.emplace(key, where);
    if (!is_new) {
      faults_->error(where, "duplicate key " + in_quotes(key),
                     "already set on line " + std::to_string(first->second.line));
    }
    pending_key(key, where, !is_new);
  }

  void add_node(const YAML::Mark& mark, Value value, YAML::anchor_t anchor, const Cost& cost) {
    end_text(mark.line + 1);
    add(std::move(value), anchor, cost);
  }
  void add(Value value, YAML::anchor_t anchor, const Cost& cost, Place where = {}) {
    spend(cost, where.known() ? where : value.place());
    attach(std::move(value), anchor, cost);
  }

  // Puts a finished node, already paid for, where it belongs.
  void attach(Value value, YAML::anchor_t anchor, const Cost& cost) {
    if (anchor != 0) {
      spend(cost, value.place());
      anchors_[anchor] = {value, cost.nodes, cost.bytes, cost.height};
    }
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = stack_.back();
    frame.cost.nodes += cost.nodes;
    frame.cost.bytes += cost.bytes;
    frame.cost.height = std::max(frame.cost.height, cost.height + 1);
    if (frame.value.is_list()) return frame.value.push(std::move(value));
    frame.has_key = false;
    if (frame.dropped) return hide(value);
    frame.value.append(std::move(frame.key), frame.key_place, std::move(value));
  }
  // The value of a key that was refused is never checked, so it is not known whether it is a
  // secret.
  void hide(const Value& value) {
    if (value.is_scalar()) faults_->hide(value.place());
    for (std::size_t i = 0; i < value.size(); ++i) hide(value.at(i));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Value empty) {
    end_text(mark.line + 1);
    check_tag(mark, tag, false);
    const Place where = place(mark, 1);
    if (stack_.size() >= static_cast<std::size_t>(kMaxDepth)) too_deep(where);
    spend({.nodes = 1}, where);
    Frame frame;
    frame.is_key = wants_key();
    if (frame.is_key) odd_keys_.push_back(where);
    frame.value = std::move(empty);
    frame.value.set_place(where);
    frame.anchor = anchor;
    stack_.push_back(std::move(frame));
  }
  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    if (frame.is_key) return pending_key({}, frame.value.place(), true);
    attach(std::move(frame.value), frame.anchor, frame.cost);
  }

  const SourceText& source_;
  const std::size_t begin_;
  Faults* const faults_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::optional<Value> root_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Place> odd_keys_;
  std::vector<bool> inside_text_;
  int text_line_ = 0;  // the line the last scalar begins on; 0 when something else came after it
};

struct Phrase {
  std::string_view theirs, ours, note;
};

// yaml-cpp names what its parser wanted; a reader wants to know what is wrong with the line.
constexpr Phrase kPhrases[] = {
    {"illegal map value", "a colon where none can stand", "if it is part of the value, quote it"},
    {"end of map not found", "this line fits neither the map above it nor the one around that",
     "is the indentation right?"},
    {"end of sequence not found", "this line fits neither the list above it nor what is around it",
     "is the indentation right?"},
    {"end of map flow not found", "a '{' that nothing closes, or a comma that is missing", ""},
    {"end of sequence flow not found", "a '[' that nothing closes, or a comma that is missing", ""},
    {"the referenced anchor is not defined", "an alias whose anchor is not defined above it", ""},
    {"unknown token", "a character that no value begins with", "quote the value"},
};

void report(const YAML::Exception& error, const SourceText& source, std::size_t begin,
            Faults* faults) {
  Place where;
  if (!error.mark.is_null()) {
    where = source.place(begin + static_cast<std::size_t>(std::max(0, error.mark.pos)), 1);
  }
  std::string help;
  const std::string_view line = source.line(where.line);
  const std::size_t variable = line.find("${");
  if (variable != std::string_view::npos && line.find_first_of("{[") != variable + 1) {
    help = R"(Inside { } and [ ] a variable must be quoted: "${NAME}".)";
  }
  const auto* phrase = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                    [&](const Phrase& each) { return each.theirs == error.msg; });
  if (phrase == std::end(kPhrases)) {
    faults->error(where, "not YAML: " + error.msg, {}, help);
  } else {
    faults->error(where, "not YAML: " + std::string(phrase->ours), std::string(phrase->note), help);
  }
}

}  // namespace

std::optional<Value> read_yaml(const SourceText& source, std::size_t begin, Faults* faults) {
  const std::string clean = check_text(source, faults);
  if (clean.size() != source.text().size()) return std::nullopt;

  TreeBuilder builder(source, begin, faults);
  bool stopped = false;
  Faults syntax;
  try {
    std::istringstream stream(clean.substr(begin));
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.finish();
  } catch (const Stop&) {
    stopped = true;
  } catch (const YAML::Exception& error) {
    stopped = true;
    report(error, source, begin, &syntax);
  }

  const std::size_t errors = faults->errors();
  check_tabs(source, builder.inside_text(), faults);
  // yaml-cpp's own words about a tab lead astray.
  if (faults->errors() == errors) {
    for (const Fault& fault : syntax.all()) faults->add(fault);
  }
  if (stopped) {
    hide_likely_secrets(source, faults);
    return std::nullopt;
  }
  std::optional<Value> root = builder.take();
  return root ? std::move(root) : Value();
}

}  // namespace chunkmill::host
