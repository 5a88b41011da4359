// Secrets in a text that cannot be read far enough to know which options are secret.
#pragma once

#include <string_view>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"

namespace chunkmill::host {

// Whether a key's name is one that secrets have: it holds "password", "secret", "token", "url", ...
bool sounds_secret(std::string_view key);

// Hides from excerpts what stands behind such keys, to the end of each line. `${NAME}` stays.
void hide_likely_secrets(const SourceText& source, Faults* faults);

}  // namespace chunkmill::host
