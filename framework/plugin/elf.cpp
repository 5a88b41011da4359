#include "framework/plugin/elf.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace chunkmill::host {
namespace {

constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char kByteOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr unsigned kMachine = EM_RISCV;
#else
constexpr unsigned kMachine = EM_NONE;  // left to the loader
#endif

// Tables larger than these are no plugin's; they bound what a hostile file can make us allocate.
constexpr size_t kMaxSections = 65536;
constexpr size_t kMaxNames = size_t{1} << 22;
constexpr size_t kMaxSymbols = size_t{1} << 27;

template <typename T>
T record_at(const std::string& bytes, size_t index) {
  T record;
  std::memcpy(&record, bytes.data() + index * sizeof(T), sizeof(T));
  return record;
}

// The NUL-terminated text at `offset`, cut at the table's end.
std::string text_at(const std::string& table, size_t offset) {
  if (offset >= table.size()) return {};
  return table.substr(offset, table.find('\0', offset) - offset);
}

}  // namespace

Status ElfFile::broken(const std::string& why) const {
  return Status(Code::kPlugin, "plugin file " + path_.string() + ": " + why);
}

Result<ElfFile> ElfFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) {
    return Status(Code::kPlugin,
                  "plugin file " + path.string() + " cannot be opened: " + std::strerror(errno));
  }
  ElfFile file(path, descriptor, 0);
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return file.broken(std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) {
    return file.broken("it is not a regular file; a plugin is a shared library");
  }
  file.size_ = static_cast<uint64_t>(facts.st_size);
  if (file.size_ == 0) return file.broken("the file is empty; build or copy the plugin again");
  RETURN_IF_ERROR(file.read_headers());
  return file;
}

ElfFile::ElfFile(ElfFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      sections_(std::move(other.sections_)) {}

ElfFile::~ElfFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<std::string> ElfFile::read(uint64_t offset, uint64_t count, const char* what) const {
  if (offset > size_ || count > size_ - offset) {
    return broken(std::string("the file is cut short: ") + what +
                  " lies beyond its end; build or copy the plugin again");
  }
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got =
        pread(descriptor_, bytes.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken(std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) return broken("the file became shorter while it was read");
    done += static_cast<size_t>(got);
  }
  return bytes;
}

Status ElfFile::read_headers() {
  ASSIGN_OR_RETURN(const std::string start,
                   read(0, std::min<uint64_t>(size_, sizeof(ElfW(Ehdr))), "the header"));
  if (!std::string_view(start).starts_with(std::string_view(ELFMAG, SELFMAG))) {
    return broken("it is not an ELF shared library");
  }
  if (start.size() < sizeof(ElfW(Ehdr))) {
    return broken("the file is cut short inside its header; build or copy the plugin again");
  }
  const auto header = record_at<ElfW(Ehdr)>(start, 0);
  if (header.e_ident[EI_CLASS] != kClass || header.e_ident[EI_DATA] != kByteOrder ||
      (kMachine != EM_NONE && header.e_machine != kMachine)) {
    return broken("it is built for another machine (ELF class " +
                  std::to_string(header.e_ident[EI_CLASS]) + ", machine " +
                  std::to_string(header.e_machine) + "; this host is class " +
                  std::to_string(kClass) + ", machine " + std::to_string(kMachine) +
                  "); build the plugin for this one");
  }
  if (header.e_type != ET_DYN) return broken("it is an ELF file, but not a shared library");
  const size_t count = header.e_shnum;
  if (count == 0 || header.e_shentsize != sizeof(ElfW(Shdr)) || count > kMaxSections) {
    return broken("its section headers are missing or damaged; do not strip them");
  }
  ASSIGN_OR_RETURN(const std::string table,
                   read(header.e_shoff, count * sizeof(ElfW(Shdr)), "the section table"));
  if (header.e_shstrndx >= count) return broken("its table of section names is damaged");
  const auto names_header = record_at<ElfW(Shdr)>(table, header.e_shstrndx);
  if (names_header.sh_size > kMaxNames) return broken("its table of section names is damaged");
  ASSIGN_OR_RETURN(const std::string names,
                   read(names_header.sh_offset, names_header.sh_size, "the section names"));
  for (size_t i = 0; i < count; ++i) {
    const auto section = record_at<ElfW(Shdr)>(table, i);
    sections_.push_back({text_at(names, section.sh_name), section.sh_offset, section.sh_size,
                         section.sh_type != SHT_NOBITS});
  }
  return Status();
}

Result<std::optional<std::string>> ElfFile::section(std::string_view name, size_t limit) const {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  if (found == sections_.end() || !found->has_bytes) return std::optional<std::string>();
  if (found->size > limit) {
    return broken("its section " + found->name + " has " + std::to_string(found->size) +
                  " bytes, more than it can have");
  }
  ASSIGN_OR_RETURN(std::string bytes, read(found->offset, found->size, found->name.c_str()));
  return std::optional<std::string>(std::move(bytes));
}

Result<std::vector<std::string>> ElfFile::exported_symbols() const {
  ASSIGN_OR_RETURN(const auto symbols, section(".dynsym", kMaxSymbols));
  ASSIGN_OR_RETURN(const auto names, section(".dynstr", kMaxSymbols));
  if (!symbols || !names) return broken("it has no dynamic symbols");
  std::vector<std::string> exported;
  for (size_t i = 0; i < symbols->size() / sizeof(ElfW(Sym)); ++i) {
    const auto symbol = record_at<ElfW(Sym)>(*symbols, i);
    // The macros of the 64-bit class are the same as those of the 32-bit one.
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL) continue;
    if (visibility == STV_HIDDEN || visibility == STV_INTERNAL) continue;
    exported.push_back(text_at(*names, symbol.st_name));
  }
  return exported;
}

}  // namespace chunkmill::host
