// Program headers come from images that anyone may have made: no bytes may lead the reader out of the file.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "image/elf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first bytes are fixed, so that fuzzing is about headers and not about guessing four letters.
  const std::string bytes =
      "\x7f"
      "ELF" +
      std::string(reinterpret_cast<const char*>(data), size);
  const auto needs = dockhew::read_elf(bytes);
  if (!needs) return 0;
  std::size_t total = needs->interpreter.size() + needs->search_path.size();
  for (const auto& library : needs->libraries) total += library.size();
  if (needs->interpreter.size() > bytes.size() || total > std::size_t{4096} * 4098) __builtin_trap();
  return 0;
}
