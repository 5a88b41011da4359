// What a page is put together from. Threads: one at a time.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calculators/scope3/inventory/html.hpp"

namespace chunkmill::scope3 {

// A table of a page, row by row. Texts are escaped, numbers stand at the right.
class HtmlTable {
 public:
  struct Head {
    std::string_view words;
    bool number = false;
  };
  HtmlTable(std::string_view caption, std::initializer_list<Head> heads) {
    out_ = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(caption) +
           "\"><table>\n<caption>" + escaped(caption) + "</caption>\n<thead><tr>";
    for (const auto& [words, number] : heads)
      out_ += "<th scope=\"col\"" + std::string(number ? " class=\"n\">" : ">") + escaped(words) +
              "</th>";
    out_ += "</tr></thead>\n<tbody>\n";
  }
  HtmlTable& row(bool total = false) {
    end_row();
    out_ += total ? "<tr class=\"total\">" : "<tr>";
    open_ = true;
    return *this;
  }
  // What the row is about.
  HtmlTable& name(std::string_view words) {
    out_ += "<th scope=\"row\">" + escaped(words) + "</th>";
    return *this;
  }
  HtmlTable& text(std::string_view words) {
    out_ += "<td>" + escaped(words) + "</td>";
    return *this;
  }
  HtmlTable& code(std::string_view words) {
    out_ += words.empty() ? "<td></td>" : "<td><code>" + escaped(words) + "</code></td>";
    return *this;
  }
  HtmlTable& number(std::string_view words) {
    out_ += "<td class=\"n\">" + escaped(words) + "</td>";
    return *this;
  }
  // A word with a ground of its own, whose colour goes by `word`.
  HtmlTable& tag(std::string_view word, std::string_view words) {
    out_ += "<td><span class=\"tag " + escaped(word) + "\">" + escaped(words) + "</span></td>";
    return *this;
  }
  std::string finish() {
    end_row();
    return out_ + "</tbody></table></div>\n";
  }

 private:
  void end_row() {
    if (open_) out_ += "</tr>\n";
    open_ = false;
  }

  std::string out_;
  bool open_ = false;
};

inline std::string heading(std::string_view id, std::string_view words, std::string_view lead) {
  std::string out = "<h2 id=\"" + std::string(id) + "\">" + escaped(words) + "</h2>\n";
  if (!lead.empty()) out += "<p class=\"lead\">" + escaped(lead) + "</p>\n";
  return out;
}

inline std::string paragraph(std::string_view words) { return "<p>" + escaped(words) + "</p>\n"; }

inline std::string figure(std::string_view svg) {
  return "<figure class=\"scroll\">\n" + std::string(svg) + "</figure>\n";
}

}  // namespace chunkmill::scope3
