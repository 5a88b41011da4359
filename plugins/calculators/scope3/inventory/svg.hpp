// Writes one SVG picture. Threads: one at a time.
#pragma once

#include <string>
#include <string_view>

#include "plugins/calculators/scope3/inventory/html.hpp"

namespace chunkmill::scope3 {

class Svg {
 public:
  // `id` tells it from the page's other pictures.
  Svg(std::string_view id, double width, double height, std::string_view title,
      std::string_view description) {
    const std::string name(id);
    out_ = "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 " + coordinate(width) + " " +
           coordinate(height) + "\" aria-labelledby=\"" + name + "-title " + name +
           "-desc\">\n<title id=\"" + name + "-title\">" + escaped(title) +
           "</title>\n<desc id=\"" + name + "-desc\">" + escaped(description) + "</desc>\n";
  }
  // `tip` is shown where a pointer rests on it.
  void bar(double x, double y, double width, double height, std::string_view style,
           std::string_view tip = {}) {
    out_ += "<rect class=\"" + std::string(style) + "\" x=\"" + coordinate(x) + "\" y=\"" +
            coordinate(y) + "\" width=\"" + coordinate(width) + "\" height=\"" +
            coordinate(height) + "\"";
    if (tip.empty()) {
      out_ += "/>\n";
    } else {
      out_ += "><title>" + escaped(tip) + "</title></rect>\n";
    }
  }
  void line(double x1, double y1, double x2, double y2, std::string_view style) {
    out_ += "<line class=\"" + std::string(style) + "\" x1=\"" + coordinate(x1) + "\" y1=\"" +
            coordinate(y1) + "\" x2=\"" + coordinate(x2) + "\" y2=\"" + coordinate(y2) + "\"/>\n";
  }
  void dot(double x, double y, double radius, std::string_view style) {
    out_ += "<circle class=\"" + std::string(style) + "\" cx=\"" + coordinate(x) + "\" cy=\"" +
            coordinate(y) + "\" r=\"" + coordinate(radius) + "\"/>\n";
  }
  // `points`: "x,y x,y ...".
  void path(std::string_view points, std::string_view style) {
    out_ +=
        "<polyline class=\"" + std::string(style) + "\" points=\"" + std::string(points) + "\"/>\n";
  }
  // `anchor`: start, middle or end.
  void text(double x, double y, std::string_view words, std::string_view anchor = "start",
            std::string_view style = {}) {
    out_ += "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" +
            std::string(anchor) + "\"";
    if (!style.empty()) out_ += " class=\"" + std::string(style) + "\"";
    out_ += ">" + escaped(words) + "</text>\n";
  }
  // Turned by 40 degrees to the left, its end at the point.
  void slanted(double x, double y, std::string_view words) {
    out_ += "<text text-anchor=\"end\" transform=\"translate(" + coordinate(x) + " " +
            coordinate(y) + ") rotate(-40)\">" + escaped(words) + "</text>\n";
  }
  std::string finish() { return out_ + "</svg>\n"; }

 private:
  std::string out_;
};

}  // namespace chunkmill::scope3
