// What an ELF program or shared library needs from the system: its loader and the libraries it is linked with. Only
// headers are read, and malformed bytes give nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline image {

struct ElfNeeds {
  std::string interpreter;             // PT_INTERP; empty for libraries and static programs
  std::vector<std::string> libraries;  // DT_NEEDED
  std::string search_path;             // DT_RUNPATH, else DT_RPATH; directories with colons between
};

// `bytes` is the whole file. Both byte orders, 32 and 64 bits.
std::optional<ElfNeeds> read_elf(std::string_view bytes);

}  // namespace dockhew::inline image
