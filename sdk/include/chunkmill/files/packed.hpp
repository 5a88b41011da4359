// Files that are packed: what their first bytes and their names say. Threads: any.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "chunkmill/error.hpp"

namespace chunkmill::files {

// True when the bytes begin as a gzip file does.
inline bool looks_like_gzip(std::string_view head) { return head.starts_with("\x1f\x8b\x08"); }

// The first bytes of a file that is needed to tell how it is packed.
inline constexpr size_t kPackedHead = 8;

struct Packing {
  std::string_view name;
  std::string_view ending;  // of a file's name; empty when people give it to plain text too
  std::string_view magic;   // of its bytes
};

// Those that are neither read nor written.
inline constexpr Packing kForeignPackings[] = {
    {"a zip archive (.xlsx is one too)", ".zip", "PK\x03\x04"},
    {"an Excel workbook", "", "\xD0\xCF\x11\xE0"},
    {"packed by zstd", ".zst", "\x28\xB5\x2F\xFD"},
    {"packed by bzip2", ".bz2", "BZh91AY&"},
    {"packed by xz", ".xz", std::string_view("\xFD\x37zXZ\0", 6)},
    {"packed by lz4", ".lz4", "\x04\x22\x4D\x18"},
    {"a 7z archive", ".7z", "7z\xBC\xAF"},
    {"a Parquet file", ".parquet", "PAR1\x15"},
};

// The name ends so, in capital letters too.
inline bool has_ending(std::string_view path, std::string_view ending) {
  return path.size() > ending.size() &&
         std::equal(ending.rbegin(), ending.rend(), path.rbegin(), [](char a, char b) {
           return a == std::tolower(static_cast<unsigned char>(b));
         });
}

// Throws Error(CM_INVALID) when the first bytes of a file to read say that it is packed in a way
// that is not read, or when it is empty and named .gz: every gzip file has bytes.
inline void refuse_foreign(const std::string& path, std::string_view head) {
  for (const Packing& packing : kForeignPackings)
    if (head.starts_with(packing.magic))
      throw Error(CM_INVALID, path + " is " + std::string(packing.name) +
                                  "; gzip and plain text are read: write it as one of them first")
          .at(path);
  if (head.empty() && has_ending(path, ".gz"))
    throw Error(CM_INVALID, path + " is empty, and no gzip file is; get it again").at(path);
}

// The option `compression` of a source: what a file is, whatever it looks like.
enum class Compression { kAuto, kNone, kGzip };

// Whether a file to read is unpacked first. Throws Error(CM_INVALID) where its bytes are not what
// the option says.
inline bool is_unpacked(const std::string& path, std::string_view head, Compression compression) {
  refuse_foreign(path, head);
  const bool packed = looks_like_gzip(head);
  if (packed && compression == Compression::kNone)
    throw Error(CM_INVALID, path + " is packed by gzip, and compression: none reads it as text; " +
                                "leave compression at auto")
        .at(path);
  if (!packed && compression == Compression::kGzip)
    throw Error(CM_INVALID, path + " is not a gzip file; leave compression at auto").at(path);
  return packed;
}

// What is odd about a file that is read as plain text: it has the name of a packed one. Empty when
// nothing is, and when the option says that it is plain.
inline std::string plain_text_warning(const std::string& path, std::string_view head,
                                      Compression compression) {
  if (compression != Compression::kAuto || looks_like_gzip(head) || !has_ending(path, ".gz"))
    return {};
  return path +
         " is named .gz and is not packed: it is read as plain text. If that is right, "
         "compression: none says so; if not, get the file again";
}

// What the ending of a file to write says that it is, if the sinks do not write that; empty if it
// says nothing, or .gz.
inline std::string_view foreign_ending(std::string_view path) {
  for (const Packing& packing : kForeignPackings)
    if (!packing.ending.empty() && has_ending(path, packing.ending)) return packing.name;
  return {};
}

}  // namespace chunkmill::files
