#include "plugins/calculators/scope3/inventory/page.hpp"

#include "plugins/calculators/scope3/inventory/html.hpp"
#include "plugins/calculators/scope3/inventory/page_sections.hpp"
#include "plugins/calculators/scope3/inventory/page_style.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr size_t kLongestName = 80;

std::string title_of(const Header& header) {
  std::string title = "Scope 3 inventory";
  if (header.year) title += " " + std::to_string(*header.year);
  return title;
}

}  // namespace

std::string page_name(const Header& header) {
  std::string name = "inventory";
  const auto append = [&](std::string_view words) {
    bool apart = true;
    for (const char c : words) {
      const bool upper = c >= 'A' && c <= 'Z';
      if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
        apart = true;
        continue;
      }
      if (apart) name += '-';
      apart = false;
      name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
  };
  append(header.organisation);
  name.resize(std::min(name.size(), kLongestName));
  if (header.year) append(std::to_string(*header.year));
  return name + ".html";
}

std::string page_html(const Report& report, const Thresholds& thresholds) {
  const Header& header = report.header;
  const std::string title = title_of(header);
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  // Nothing may be fetched or run, whatever the texts hold.
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n";
  out += "<title>" + escaped(title);
  if (!header.organisation.empty()) out += ", " + escaped(header.organisation);
  out += "</title>\n<style>";
  out += kPageStyle;
  out += "</style>\n</head>\n<body>\n<header>\n<h1>" + escaped(title) + "</h1>\n<p>";
  out += header.organisation.empty() ? "Greenhouse gas emissions of the value chain"
                                     : escaped(header.organisation);
  out += "</p>\n</header>\n<main>\n";
  out += key_figures(report);
  out += category_section(report);
  out += quality_section(report);
  out += supplier_section(report, thresholds);
  out += uncertainty_section(report);
  out += change_section(report);
  out += gap_section(report);
  out += guard_section(report);
  out += beside_section(report);
  out += place_section(report);
  out +=
      "</main>\n<footer>\n<p>Categories and methods are those of the GHG Protocol. Every number "
      "here is a sum over results that each name their factor, its version, the method and the "
      "reason for it. Biogenic CO\u2082, optional emissions, lifetimes of projects and scope 3 of "
      "investees stand beside the sum and are no part of it; removals and avoided emissions are "
      "in neither.</p>\n</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace chunkmill::scope3
