#include "flat_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "number_text.hpp"

namespace chunkmill::jsonl {
namespace {

// Files whose records have more keys than that are not read faster for being remembered.
constexpr size_t kMostSteps = 4096;

const char* skip_blank(const char* p) {
  while (*p == ' ' || *p == '\t' || *p == '\r') ++p;
  return p;
}

// The quote that ends a string, `p` being behind the one that begins it; null when an escape or a
// control character comes first, as the end of the line is one. Bytes beyond ASCII set `*high`.
#ifdef __SSE2__
inline const char* string_end(const char* p, bool* high) {
  unsigned beyond = 0;
  for (;; p += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const auto stop = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(quote, _mm_or_si128(escape, control))));
    const auto top = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (stop != 0) {
      const auto at = static_cast<unsigned>(std::countr_zero(stop));
      beyond |= top & ((1U << at) - 1);
      if (beyond != 0) *high = true;
      return p[at] == '"' ? p + at : nullptr;
    }
    beyond |= top;
  }
}
#else
inline const char* string_end(const char* p, bool* high) {
  for (; *p != '"'; ++p) {
    const auto byte = static_cast<unsigned char>(*p);
    if (byte < 0x20 || byte == '\\') return nullptr;
    if (byte >= 0x80) *high = true;
  }
  return p;
}
#endif

}  // namespace

#ifdef __SSE2__
// Texts are short: two blocks are compared faster than by a call.
inline bool FlatReader::Step::stands_at(const char* p) const {
  const auto same = [&](size_t at) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks_ + at));
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, block)));
  };
  if ((same(0) & first_) != first_) return false;
  if (second_ != 0 && (same(kBlock) & second_) != second_) return false;
  return text.size() <= sizeof blocks_ || std::memcmp(p, text.data(), text.size()) == 0;
}
#else
inline bool FlatReader::Step::stands_at(const char* p) const {
  return std::memcmp(p, text.data(), text.size()) == 0;
}
#endif

void FlatReader::Step::set(std::string_view words) {
  text = words;
  std::memcpy(blocks_, words.data(), std::min(words.size(), sizeof blocks_));
  const auto bits = [](size_t bytes) { return (1U << std::min(bytes, kBlock)) - 1; };
  first_ = bits(words.size());
  second_ = words.size() > kBlock ? bits(words.size() - kBlock) : 0;
}

// The step at this place, known or new; null when there is none that is plain.
FlatReader::Step* FlatReader::find_step(const char* p, char opening, const UnreadKeys& unread) {
  const char* const begin = p;
  p = skip_blank(p);
  if (*p != opening) return nullptr;
  p = skip_blank(p + 1);
  if (*p != '"') return nullptr;
  const char* const key = p + 1;
  bool high = false;
  const char* const end = string_end(key, &high);
  if (end == nullptr) return nullptr;
  p = skip_blank(end + 1);
  if (*p != ':') return nullptr;
  p = skip_blank(p + 1);
  std::string text(begin, p);
  const auto known = steps_.find(text);
  if (known != steps_.end()) return known->second.get();
  const std::string_view name(key, static_cast<size_t>(end - key));
  if (steps_.size() == kMostSteps || (high && !simdjson::validate_utf8(name.data(), name.size())))
    return nullptr;
  auto step = std::make_unique<Step>();
  if (const ColumnPaths::Node* const node = paths_.find(name)) {
    step->columns = node->columns;
  } else {
    step->unread = unread.is_unread(name);
  }
  step->key = name;
  step->set(text);
  return steps_.emplace(std::move(text), std::move(step)).first->second.get();
}

const char* FlatReader::read(const char* text, ValueColumns& out, const UnreadKeys& unread) {
  const char* p = text;
  has_high_ = false;
  unread_now_.clear();
  Step* last = &start_;
  while (true) {
    Step* step = last->next;
    if (step == nullptr || !step->stands_at(p)) {
      if (last != &start_ && *skip_blank(p) == '}') break;
      step = find_step(p, last == &start_ ? '{' : ',', unread);
      if (step == nullptr) return nullptr;
      last->next = step;
    }
    p += step->text.size();
    if (!take_value(*step, &p, out)) return nullptr;
    last = step;
  }
  p = skip_blank(skip_blank(p) + 1);
  if (has_high_ && !simdjson::validate_utf8(text, static_cast<size_t>(p - text))) return nullptr;
  return p;
}

inline bool FlatReader::take_value(const Step& step, const char** p, ValueColumns& out) {
  for (const size_t column : step.columns)
    if (out.has(column)) return false;  // the key comes twice, and the last one counts
  if (**p == '"') return take_string(step, p, out);
  if (step.unread && **p != 'n') unread_now_.push_back(&step);
  if (**p == '-' || static_cast<unsigned char>(**p - '0') < 10) return take_number(step, p, out);
  return take_word(step, p, out);
}

inline bool FlatReader::take_string(const Step& step, const char** p, ValueColumns& out) {
  const char* const begin = *p + 1;
  const char* const end = string_end(begin, &has_high_);
  if (end == nullptr) return false;
  *p = end + 1;
  if (step.unread) unread_now_.push_back(&step);
  const std::string_view text(begin, static_cast<size_t>(end - begin));
  for (const size_t column : step.columns) {
    if (out.type(column) == Type::kUtf8) {
      out.builder(column).append(text);
    } else if (out.append_text(column, text) != ParseFault::kNone) {
      return false;
    }
  }
  return true;
}

inline bool FlatReader::take_number(const Step& step, const char** p, ValueColumns& out) {
  if (step.columns.size() == 1 && out.type(step.columns[0]) == Type::kFloat64) {
    double number = 0;
    if (const char* const end = plain_number_end(*p, &number)) {
      out.builder(step.columns[0]).append(number);
      *p = end;
      return true;
    }
  }
  const char* const end = number_end(*p);
  if (end == nullptr) return false;
  const std::string_view text(*p, static_cast<size_t>(end - *p));
  *p = end;
  for (const size_t column : step.columns)
    if (out.append_number(column, text) != ParseFault::kNone) return false;
  return true;
}

bool FlatReader::take_word(const Step& step, const char** p, ValueColumns& out) {
  for (const auto& [word, kind] : {std::pair<std::string_view, JsonKind>{"null", JsonKind::kNull},
                                   {"true", JsonKind::kBool},
                                   {"false", JsonKind::kBool}}) {
    if (std::memcmp(*p, word.data(), word.size()) != 0) continue;
    *p += word.size();
    for (const size_t column : step.columns)
      if (out.append(column, {kind, word}) != ParseFault::kNone) return false;
    return true;
  }
  return false;
}

}  // namespace chunkmill::jsonl
