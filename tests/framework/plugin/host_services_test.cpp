#include "framework/plugin/host_services.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "chunkmill/arrow.hpp"
#include "framework/plugin/row_error.hpp"

namespace chunkmill::host::test {
namespace {

// Fails in every way the engine could.
class BrokenHost final : public HostServices {
 public:
  bool log_enabled(int) override { throw std::runtime_error("log"); }
  void log(int, std::string_view) override { throw std::runtime_error("log"); }
  void metric(int, std::string_view, double) override { throw 1; }
  bool cancelled() override { throw 1; }
  Result<std::string> secret(std::string_view name) override {
    if (name == "throws") throw std::runtime_error("the vault is closed");
    return Status(Code::kNotFound, "there is no secret " + std::string(name));
  }
  Status lookup(std::string_view, const ArrowSchema*, ArrowArrayStream*) override {
    PluginFacts facts;
    facts.code = CM_DATA;
    facts.where = "factors.csv:7";
    // Appended, as GCC 12 warns of `string + literal` here.
    std::string message(1022, 'x');
    message += "ä";
    return Status(Code::kUnavailable, message, facts);
  }
};

TEST_CASE("host services: nothing thrown reaches the plugin", "[plugin]") {
  BrokenHost services;
  const HostTable table(services);
  const cm_host& host = *table.abi();
  cm_error error{};
  error.struct_size = sizeof error;

  CHECK(host.log_enabled(host.ctx, CM_LOG_INFO) == 0);
  host.log(host.ctx, CM_LOG_INFO, to_abi(std::string_view("line")));
  host.metric(host.ctx, CM_METRIC_ADD, to_abi(std::string_view("rows")), 1);
  CHECK(host.cancelled(host.ctx) == 0);
  CHECK(host.secret(host.ctx, to_abi(std::string_view("throws")), nullptr, &error) == CM_INTERNAL);
  CHECK(std::string(error.message) == "the vault is closed");
  CHECK(host.secret(host.ctx, to_abi(std::string_view("pin")), nullptr, &error) == CM_NOT_FOUND);
  CHECK(host.get_extension(host.ctx, "chunkmill.anything/1") == nullptr);
}

TEST_CASE("host services: facts go through to the plugin, texts are cut between characters",
          "[plugin]") {
  BrokenHost services;
  const HostTable table(services);
  cm_error error{};
  error.struct_size = sizeof error;

  const cm_code code = table.abi()->lookup(table.abi()->ctx, {}, nullptr, nullptr, &error);

  CHECK(code == CM_DATA);
  CHECK(std::string(error.where) == "factors.csv:7");
  CHECK(std::string(error.message) == std::string(1022, 'x'));
}

TEST_CASE("row errors: are copied, and rows that the batch does not have are found", "[plugin]") {
  std::vector<RowError> errors;
  RowErrorCollector collector(errors);
  cm_row_error error{};
  error.struct_size = sizeof error;
  error.row = 4;
  {
    const std::string code = "bad_number";
    error.code = to_abi(code);
    collector.abi()->report(collector.abi()->ctx, &error);
  }

  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == "bad_number");
  CHECK(collector.fault(5).empty());
  CHECK_THAT(collector.fault(4), Catch::Contains("row 4") && Catch::Contains("4 rows"));
}

TEST_CASE("row errors: a struct of an older or broken plugin is not read beyond its size",
          "[plugin]") {
  std::vector<RowError> errors;
  RowErrorCollector collector(errors);
  cm_row_error error{};
  error.struct_size = 8;

  collector.abi()->report(collector.abi()->ctx, &error);
  collector.abi()->report(collector.abi()->ctx, nullptr);

  CHECK(errors.empty());
  CHECK_FALSE(collector.fault(100).empty());
}

}  // namespace
}  // namespace chunkmill::host::test
