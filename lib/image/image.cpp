#include "image/image.hpp"

#include "text/path.hpp"

namespace dockhew::inline image {

std::optional<std::string> real_path(const Image& image, std::string path) {
  constexpr int most_links = 40;  // as Linux has it
  int links = 0;
  std::string done;
  path = clean_path("/" + path);
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto here = done + "/" + path.substr(begin, end - begin);
    const auto found = image.files.find(here);
    if (here != "/" && found == image.files.end()) return std::nullopt;
    if (found != image.files.end() && found->second.type == FileType::symbolic_link) {
      if (++links > most_links) return std::nullopt;
      path = clean_path(resolve_path(done.empty() ? "/" : done, found->second.link) + path.substr(end));
      done.clear();
      begin = 1;
      continue;
    }
    if (end == path.size()) return found == image.files.end() ? std::nullopt : std::optional(here);
    done = here;
    begin = end + 1;
  }
  return std::nullopt;
}

const ImageFile* find_file(const Image& image, std::string path) {
  const auto real = real_path(image, std::move(path));
  return real ? &image.files.at(*real) : nullptr;
}

}  // namespace dockhew::inline image
