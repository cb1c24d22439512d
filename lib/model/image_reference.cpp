#include "model/image_reference.hpp"

namespace dockhew {

ImageReference parse_image_reference(std::string_view text) {
  ImageReference reference;
  if (const auto at = text.find('@'); at != text.npos) {
    reference.digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  const auto slash = text.rfind('/');
  if (const auto colon = text.find(':', slash == text.npos ? 0 : slash); colon != text.npos) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  // The first component is a registry when it looks like a host.
  if (const auto first = text.find('/'); first != text.npos) {
    const auto host = text.substr(0, first);
    if (host.find_first_of(".:") != host.npos || host == "localhost") {
      reference.registry = host;
      text.remove_prefix(first + 1);
    }
  }
  if (reference.registry == "docker.io" || reference.registry == "index.docker.io") reference.registry.clear();
  if (reference.registry.empty() && text.starts_with("library/")) text.remove_prefix(8);
  reference.repository = text;
  return reference;
}

}  // namespace dockhew
