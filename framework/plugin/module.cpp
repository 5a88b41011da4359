#include "framework/plugin/module.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <exception>
#include <utility>

#include "framework/plugin/call.hpp"

namespace chunkmill::host {
namespace {

constexpr char kSymbol[] = "chunkmill_module_v1";
constexpr size_t kMaxOptionSchema = size_t{16} << 20;

// The names of the functions that `api` lacks, for one kind. What may be NULL is not listed.
#define REQUIRE(type, function)                                   \
  if (!CM_HAS(api, type, function) || api->function == nullptr) { \
    if (!missing.empty()) missing += ", ";                        \
    missing += #function;                                         \
  }

std::string missing_in(const cm_source_api* api) {
  std::string missing;
  REQUIRE(cm_source_api, create)
  REQUIRE(cm_source_api, destroy)
  REQUIRE(cm_source_api, schema)
  REQUIRE(cm_source_api, plan)
  REQUIRE(cm_source_api, open)
  REQUIRE(cm_source_api, next)
  REQUIRE(cm_source_api, position)
  REQUIRE(cm_source_api, close)
  return missing;
}

std::string missing_in(const cm_calculator_api* api) {
  std::string missing;
  REQUIRE(cm_calculator_api, create)
  REQUIRE(cm_calculator_api, destroy)
  REQUIRE(cm_calculator_api, needs)
  REQUIRE(cm_calculator_api, bind)
  REQUIRE(cm_calculator_api, open)
  REQUIRE(cm_calculator_api, process)
  REQUIRE(cm_calculator_api, close)
  return missing;
}

std::string missing_in(const cm_sink_api* api) {
  std::string missing;
  REQUIRE(cm_sink_api, create)
  REQUIRE(cm_sink_api, destroy)
  REQUIRE(cm_sink_api, bind)
  REQUIRE(cm_sink_api, attach)
  REQUIRE(cm_sink_api, open)
  REQUIRE(cm_sink_api, begin)
  REQUIRE(cm_sink_api, write)
  REQUIRE(cm_sink_api, commit)
  REQUIRE(cm_sink_api, abort)
  REQUIRE(cm_sink_api, close)
  return missing;
}

std::string missing_in(const cm_hook_api* api) {
  std::string missing;
  REQUIRE(cm_hook_api, create)
  REQUIRE(cm_hook_api, destroy)
  REQUIRE(cm_hook_api, event)
  return missing;
}
#undef REQUIRE

std::string missing_in(Kind kind, const void* api) {
  switch (kind) {
    case Kind::kSource:
      return missing_in(static_cast<const cm_source_api*>(api));
    case Kind::kCalculator:
      return missing_in(static_cast<const cm_calculator_api*>(api));
    case Kind::kSink:
      return missing_in(static_cast<const cm_sink_api*>(api));
    case Kind::kHook:
      return missing_in(static_cast<const cm_hook_api*>(api));
  }
  return {};
}

// Empty when the descriptor can be used; else what is wrong with it.
std::string fault_of(const cm_module& module, const Identity& identity) {
  if (!CM_HAS(&module, cm_module, describe)) {
    return "its descriptor is too small (" + std::to_string(module.struct_size) + " bytes)";
  }
  if (module.abi_major != CM_ABI_MAJOR || module.min_host_minor != identity.min_host_minor ||
      module.kind != static_cast<uint32_t>(identity.kind) || module.flags != identity.flags) {
    return "its descriptor and its section .chunkmill disagree about ABI, kind or flags";
  }
  if (module.name == nullptr || module.version == nullptr || module.summary == nullptr) {
    return "its descriptor lacks a name, a version or a summary";
  }
  if (module.name != identity.name || module.version != identity.version) {
    return "its descriptor says " + std::string(module.name) + " " + module.version +
           ", its section .chunkmill says " + identity.name + " " + identity.version;
  }
  if (module.describe == nullptr) return "its descriptor has no describe()";
  if (module.api == nullptr) return "its descriptor has no function table";
  const std::string missing = missing_in(identity.kind, module.api);
  return missing.empty() ? std::string() : "its function table lacks " + missing;
}

// Throws what Boost.DLL throws.
const cm_module* open_library(const std::filesystem::path& file) {
  namespace dll = boost::dll;
  // RTLD_NODELETE: the handle may be closed below, the library stays.
  const auto mode = static_cast<dll::load_mode::type>(dll::load_mode::rtld_now |
                                                      dll::load_mode::rtld_local | RTLD_NODELETE);
  const dll::shared_library library(boost::filesystem::path(file.string()), mode);
  return &library.get<const cm_module>(kSymbol);
}

}  // namespace

Result<std::unique_ptr<const Module>> Module::load(const std::filesystem::path& file, Kind kind,
                                                   std::string_view name) {
  const auto broken = [&file](const std::string& why) {
    return Status(Code::kPlugin, "plugin file " + file.string() + ": " + why);
  };
  ASSIGN_OR_RETURN(const Identity identity, read_identity(file));
  if (identity.kind != kind || identity.name != name) {
    return broken(std::string("it is the ") + kind_name(identity.kind) + " \"" + identity.name +
                  "\", not the " + kind_name(kind) + " \"" + std::string(name) +
                  "\"; a plugin file is named KIND.NAME.so");
  }
  const cm_module* module = nullptr;
  try {
    module = open_library(file);
  } catch (const std::exception& thrown) {
    return broken(std::string("it cannot be loaded: ") + thrown.what() +
                  "; build it again on this machine, with all it links to installed");
  } catch (...) {
    return broken("it threw while it was being loaded");
  }
  if (const std::string fault = fault_of(*module, identity); !fault.empty()) {
    return broken(fault + "; build it again with this host's SDK");
  }
  return std::unique_ptr<const Module>(new Module(file, module, kind));
}

Result<std::unique_ptr<const Module>> Module::of(const cm_module& module) {
  Identity said;
  said.kind = static_cast<Kind>(module.kind);
  said.flags = module.flags;
  said.min_host_minor = module.min_host_minor;
  if (module.name != nullptr) said.name = module.name;
  if (module.version != nullptr) said.version = module.version;
  if (const std::string fault = fault_of(module, said); !fault.empty())
    return Status(Code::kPlugin, "the plugin \"" + said.name + "\" of this program: " + fault);
  return std::unique_ptr<const Module>(new Module({}, &module, said.kind));
}

Module::Module(std::filesystem::path file, const cm_module* abi, Kind kind)
    : file_(std::move(file)),
      abi_(abi),
      kind_(kind),
      name_(abi->name),
      version_(abi->version),
      summary_(abi->summary),
      label_(std::string(kind_name(kind)) + " \"" + name_ + "\" " + version_) {}

const void* Module::extension(const char* id) const {
  if (!CHUNKMILL_OFFERS(abi_, cm_module, get_extension)) return nullptr;
  const void* found = nullptr;
  call_plugin_quietly([&] { found = abi_->get_extension(id); });
  return found;
}

Result<std::string> Module::option_schema() const {
  TextCollector text(kMaxOptionSchema);
  RETURN_IF_ERROR(call_plugin(*this, "describe",
                              [&](cm_error* error) { return abi_->describe(text.abi(), error); }));
  if (text.too_long()) return broke_contract(*this, "describe", "wrote more than 16 MiB");
  return text.take();
}

}  // namespace chunkmill::host
