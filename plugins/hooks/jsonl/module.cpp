#include "jsonl_hook.hpp"

using chunkmill::jsonl_hook::JsonlHook;
CHUNKMILL_HOOK(JsonlHook)
