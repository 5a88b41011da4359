#include <iostream>

#include "chunkmill/json.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/observe/text.hpp"
#include "framework/plugin/registry.hpp"

namespace chunkmill::host::cli {
namespace {

std::string as_json(const std::vector<Listing>& listings) {
  std::string text;
  JsonWriter json(&text);
  json.begin_array();
  for (const Listing& listing : listings) {
    json.begin_object()
        .field("kind", kind_name(listing.kind))
        .field("name", listing.name)
        .field("version", listing.version)
        .field("summary", listing.summary)
        .field("file", listing.path.string());
    if (!listing.fault.ok()) json.field("fault", listing.fault.message());
    json.end_object();
  }
  json.end_array();
  return text + '\n';
}

std::string as_text(const std::vector<Listing>& listings, const PluginFolders& folders,
                    const Screen& screen) {
  Table table({"kind", "name", "version", "what it does"}, Overflow::kWrap);
  Page faults(screen);
  for (const Kind kind : kKinds) {
    for (const Listing& listing : listings) {
      if (listing.kind != kind) continue;
      const std::string summary =
          listing.fault.ok() ? listing.summary : "cannot be loaded, see below";
      table.add({kind_name(kind), listing.name, listing.version, summary});
      if (!listing.fault.ok()) faults.line("fault", printable(listing.fault.message()));
    }
  }
  std::string text;
  if (!table.empty()) text = table.text(screen, 0);
  if (!faults.str().empty()) text += '\n' + faults.str();
  if (table.empty()) {
    text = "no plugins in\n";
    for (const auto& folder : folders.folders()) text += "  " + folder.string() + '\n';
  }
  return text;
}

}  // namespace

int plugins_list_command(const Arguments& arguments) {
  CommonOptions common;
  options::options_description described("options");
  common.describe_lookup(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("plugins list"), described, {}, arguments, &values))
    return *done;
  if (const Status status = common.check_format(); !status.ok()) return fail(status);

  const Registry registry(common.folders());
  const std::vector<Listing> listings = registry.list();
  std::cout << (common.json()
                    ? as_json(listings)
                    : as_text(listings, registry.folders(), Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
