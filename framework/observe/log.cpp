#include "framework/observe/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <chrono>
#include <shared_mutex>

#include "chunkmill/json.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host {
namespace {

struct LevelName {
  LogLevel level;
  std::string_view name;
  spdlog::level::level_enum spdlog_level;
};
constexpr LevelName kLevels[] = {{LogLevel::kDebug, "debug", spdlog::level::debug},
                                 {LogLevel::kInfo, "info", spdlog::level::info},
                                 {LogLevel::kWarn, "warn", spdlog::level::warn},
                                 {LogLevel::kError, "error", spdlog::level::err},
                                 {LogLevel::kOff, "off", spdlog::level::off}};

// Plugins hand over any number: what lies outside the known ones counts as the nearest.
const LevelName& name_of(LogLevel level) {
  const int index = std::clamp(static_cast<int>(level), 1, 5) - 1;
  return kLevels[index];
}

// The level under our own names, padded: spdlog says "warning" where all else here says "warn".
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string_view name = "error";
    for (const LevelName& known : kLevels) {
      if (known.spdlog_level == message.level) name = known.name;
    }
    out.append(name.data(), name.data() + name.size());
    for (size_t size = name.size(); size < 5; ++size) out.push_back(' ');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }
};

// Hands finished lines to the terminal, which knows about the progress bar.
class TerminalSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  TerminalSink(Terminal& terminal, bool color) : terminal_(terminal), color_(color) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (!color_ || message.color_range_end <= message.color_range_start) {
      terminal_.write({line.data(), line.size()});
      return;
    }
    const std::string_view text(line.data(), line.size());
    std::string painted(text.substr(0, message.color_range_start));
    painted += message.level >= spdlog::level::err    ? "\x1b[1;31m"
               : message.level == spdlog::level::warn ? "\x1b[33m"
               : message.level == spdlog::level::info ? "\x1b[32m"
                                                      : "\x1b[2m";
    painted +=
        text.substr(message.color_range_start, message.color_range_end - message.color_range_start);
    painted += "\x1b[0m";
    painted += text.substr(message.color_range_end);
    terminal_.write(painted);
  }

  void flush_() override {}

 private:
  Terminal& terminal_;
  const bool color_;
};

std::string allowed(std::string_view what, std::string_view text, std::string_view choices) {
  return "unknown log " + std::string(what) + " \"" + printable(text) + "\"; use one of " +
         std::string(choices);
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const LevelName& known : kLevels) {
    if (known.name == text) return known.level;
  }
  return Status(Code::kUsage, allowed("level", text, "debug, info, warn, error, off"));
}

Result<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::kText;
  if (text == "json") return LogFormat::kJson;
  return Status(Code::kUsage, allowed("format", text, "text, json"));
}

struct Log::Impl {
  Impl(Terminal& terminal, const Clock& time, LogSettings wanted)
      : clock(time),
        settings(wanted),
        logger("chunkmill", std::make_shared<TerminalSink>(terminal, wanted.color)) {}

  const Clock& clock;
  const LogSettings settings;
  spdlog::logger logger;
};

Log::Log(Terminal& terminal, const Clock& clock, LogSettings settings)
    : impl_(std::make_unique<Impl>(terminal, clock, settings)) {
  const bool json = settings.format == LogFormat::kJson;
  // JSON comes with its own time and level; see write().
  auto formatter =
      std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  formatter->add_flag<LevelFlag>('*').set_pattern(json ? "%v" : "%H:%M:%S.%eZ %^%*%$ %v");
  impl_->logger.set_formatter(std::move(formatter));
  impl_->logger.set_level(name_of(settings.level).spdlog_level);
}

Log::~Log() = default;

bool Log::enabled(LogLevel level) const {
  return level != LogLevel::kOff && impl_->logger.should_log(name_of(level).spdlog_level);
}

void Log::write(LogLevel level, std::string_view message, const LogFields& fields) {
  if (!enabled(level)) return;
  const std::chrono::system_clock::time_point now{std::chrono::milliseconds(impl_->clock.now_ms())};
  std::string line;
  if (impl_->settings.format == LogFormat::kJson) {
    JsonWriter json(&line);
    json.begin_object();
    std::string time;
    append_timestamp(&time, impl_->clock.now_ms() * 1000);
    json.field("time", time).field("level", name_of(level).name);
    json.field("message", redact(message));
    for (const auto& [name, value] : fields) json.field(name, redact(value));
    json.end_object();
  } else {
    line = printable(redact(message));
    for (const auto& [name, value] : fields) {
      line += "  ";
      line += name;
      line += '=';
      line += printable(redact(value));
    }
  }
  impl_->logger.log(now, spdlog::source_loc{}, name_of(level).spdlog_level,
                    spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace chunkmill::host
