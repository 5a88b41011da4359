// Log: what the host and its plugins have to say, one line a record, with secrets blotted out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/core/clock.hpp"
#include "framework/core/status.hpp"
#include "framework/observe/secrets.hpp"
#include "framework/observe/terminal.hpp"

namespace chunkmill::host {

// The first four have the numbers of CM_LOG_DEBUG ... CM_LOG_ERROR.
enum class LogLevel : int32_t { kDebug = 1, kInfo = 2, kWarn = 3, kError = 4, kOff = 5 };
enum class LogFormat { kText, kJson };

// For --log-level and --log-format; Code::kUsage with what is allowed.
Result<LogLevel> parse_log_level(std::string_view text);
Result<LogFormat> parse_log_format(std::string_view text);

struct LogSettings {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
  bool color = false;
};

using LogFields = std::vector<std::pair<std::string_view, std::string>>;

// Threads: any.
class Log {
 public:
  // `terminal` and `clock` must outlive the log.
  Log(Terminal& terminal, const Clock& clock, LogSettings settings);
  ~Log();

  bool enabled(LogLevel level) const;
  // `fields` say where: {"job", ...}, {"plugin", ...}, {"split", ...}. Control characters are
  // escaped: one record, one line.
  void write(LogLevel level, std::string_view message, const LogFields& fields = {});
  void debug(std::string_view message) { write(LogLevel::kDebug, message); }
  void info(std::string_view message) { write(LogLevel::kInfo, message); }
  void warn(std::string_view message) { write(LogLevel::kWarn, message); }
  void error(std::string_view message) { write(LogLevel::kError, message); }

  void add_secret(std::string_view value) { secrets_.add(value); }
  // For other output that a person sees: summaries, events, rejects.
  std::string redact(std::string_view text) const { return secrets_.redact(text); }

 private:
  struct Impl;
  Secrets secrets_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chunkmill::host
