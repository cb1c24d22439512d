#include "ecosystems/ruby/caches.hpp"

namespace dockhew::inline ecosystems {

std::optional<std::string> ruby_image_variable(const Stage& stage, std::string_view name) {
  if (name != "IMAGE_RUBY_ABI" || !stage.image || stage.image->entry->language != "ruby") return std::nullopt;
  const auto numbers = version_numbers(stage.image->version);
  if (numbers.size() < 2) return std::nullopt;
  return std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]) + ".0";
}

}  // namespace dockhew::inline ecosystems
