#include "image/elf.hpp"

#include <cstdint>

namespace dockhew::inline image {
namespace {

// The numbers are from the System V ABI, chapter 5, and its 64-bit form.
constexpr std::uint64_t program_load = 1, program_dynamic = 2, program_interpreter = 3;
constexpr std::uint64_t dynamic_null = 0, dynamic_needed = 1, dynamic_strings = 5, dynamic_rpath = 15,
                        dynamic_runpath = 29;
constexpr std::size_t most_entries = 4096;  // of either table; more than any real file has
constexpr std::size_t longest_text = 4096;  // a name, or directories; the rest of a longer one is no part of it

struct Segment {
  std::uint64_t type = 0, offset = 0, address = 0, size = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes), wide_(bytes[4] == 2), little_(bytes[5] == 1) {}

  std::optional<ElfNeeds> read() const {
    ElfNeeds needs;
    const auto table = number(wide_ ? 32 : 28, word());
    const auto entry = number(wide_ ? 54 : 42, 2), count = number(wide_ ? 56 : 44, 2);
    if (entry < (wide_ ? 56u : 32u) || count > most_entries) return std::nullopt;
    std::vector<Segment> segments;
    for (std::uint64_t i = 0; i < count; ++i) segments.push_back(segment(table + i * entry));
    for (const auto& s : segments)
      if (s.type == program_interpreter) needs.interpreter = string_at(s.offset);
    for (const auto& s : segments)
      if (s.type == program_dynamic) read_dynamic(s, segments, needs);
    return needs;
  }

 private:
  std::size_t word() const { return wide_ ? 8 : 4; }

  // 0 beyond the end.
  std::uint64_t number(std::uint64_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes_[offset + (little_ ? size - 1 - i : i)]);
    return value;
  }

  std::string string_at(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const auto rest = bytes_.substr(offset, longest_text);
    return std::string(rest.substr(0, rest.find('\0')));
  }

  Segment segment(std::uint64_t at) const {
    if (wide_) return {number(at, 4), number(at + 8, 8), number(at + 16, 8), number(at + 32, 8)};
    return {number(at, 4), number(at + 4, 4), number(at + 8, 4), number(at + 16, 4)};
  }

  void read_dynamic(const Segment& dynamic, const std::vector<Segment>& segments, ElfNeeds& needs) const {
    std::vector<std::uint64_t> libraries;
    std::uint64_t strings = 0, rpath = 0, runpath = 0;
    for (std::size_t i = 0; i < most_entries && i * 2 * word() < dynamic.size; ++i) {
      const auto at = dynamic.offset + i * 2 * word();
      const auto tag = number(at, word()), value = number(at + word(), word());
      if (tag == dynamic_null) break;
      if (tag == dynamic_needed) libraries.push_back(value);
      if (tag == dynamic_strings) strings = value;
      if (tag == dynamic_rpath) rpath = value;
      if (tag == dynamic_runpath) runpath = value;
    }
    // The string table is identified by its address in memory.
    for (const auto& s : segments) {
      if (s.type != program_load || strings < s.address || strings - s.address >= s.size) continue;
      const auto table = strings - s.address + s.offset;
      for (const auto offset : libraries) needs.libraries.push_back(string_at(table + offset));
      if (runpath != 0 || rpath != 0) needs.search_path = string_at(table + (runpath != 0 ? runpath : rpath));
      return;
    }
  }

  std::string_view bytes_;
  bool wide_, little_;
};

}  // namespace

std::optional<ElfNeeds> read_elf(std::string_view bytes) {
  constexpr std::size_t smallest_header = 52;
  if (bytes.size() < smallest_header || !bytes.starts_with("\x7f"
                                                           "ELF"))
    return std::nullopt;
  return Reader(bytes).read();
}

}  // namespace dockhew::inline image
