// A hook that tells the host's log what it was told.
#include <chunkmill/hook.hpp>

namespace chunkmill {
namespace {

class Remembers final : public Hook {
 public:
  static constexpr Info kInfo{"remembers", "1.0.0", "Log events, for tests"};

  void event(std::string_view name, const EventValue& fields) override {
    if (name == "threshold") throw Error(CM_UNAVAILABLE, "the mail server is down").at("smtp");
    host().info(std::string(name) + " " + fields["job"].get<std::string>());
  }
};

}  // namespace
}  // namespace chunkmill

CHUNKMILL_HOOK(chunkmill::Remembers)
