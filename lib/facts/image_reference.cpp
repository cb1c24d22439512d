#include "facts/image_reference.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace dockhew::inline facts {
namespace {

bool is_lower_or_digit(char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'); }
bool is_alphanumeric(char c) { return is_lower_or_digit(c) || ('A' <= c && c <= 'Z'); }
bool is_hexadecimal(char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f') || ('A' <= c && c <= 'F'); }

bool is_host(std::string_view text) {
  if (const auto colon = text.rfind(':'); colon != text.npos && !text.ends_with(']')) {
    const auto port = text.substr(colon + 1);
    if (port.empty() || port.find_first_not_of("0123456789") != port.npos) return false;
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']'))
    return text.size() > 2 &&
           std::all_of(text.begin() + 1, text.end() - 1, [](char c) { return is_hexadecimal(c) || c == ':'; });
  for (;;) {
    const auto label = text.substr(0, text.find('.'));
    if (label.empty() || !is_alphanumeric(label.front()) || !is_alphanumeric(label.back())) return false;
    if (!std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; })) return false;
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_lower_or_digit(text[i])) {
      ++i;
      continue;
    }
    const auto end = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_lower_or_digit);
    const auto separator = text.substr(i, static_cast<std::size_t>(end - text.begin()) - i);
    const bool dashes = separator.find_first_not_of('-') == separator.npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
    i += separator.size();
  }
  return true;
}

bool is_repository(std::string_view text) {
  for (;;) {
    const auto component = text.substr(0, text.find('/'));
    if (!is_path_component(component)) return false;
    if (component.size() == text.size()) return true;
    text.remove_prefix(component.size() + 1);
  }
}

bool is_tag(std::string_view text) {
  const auto is_word = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return !text.empty() && text.size() <= 128 && is_word(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

std::string digest_error(std::string_view text) {
  const auto colon = text.find(':');
  const auto algorithm = text.substr(0, colon);
  const auto value = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  const bool named = !algorithm.empty() && !('0' <= algorithm.front() && algorithm.front() <= '9') &&
                     std::ranges::all_of(algorithm, [](char c) {
                       return is_alphanumeric(c) || c == '-' || c == '_' || c == '+' || c == '.';
                     });
  if (!named || value.size() < 32 || !std::ranges::all_of(value, is_hexadecimal)) return "invalid reference format";
  return checksum_error(text);
}

}  // namespace

std::string checksum_error(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size()) return "invalid checksum digest format";
  const auto algorithm = text.substr(0, colon), value = text.substr(colon + 1);
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha384" ? 96 : algorithm == "sha512" ? 128 : 0;
  if (length == 0) return "unsupported digest algorithm";
  if (value.size() != length) return "invalid checksum digest length";
  if (value.find_first_not_of("0123456789abcdef") != value.npos) return "invalid checksum digest format";
  return {};
}

std::string image_reference_error(std::string_view text) {
  if (text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos)
    return "invalid repository name (" + std::string(text) + "), cannot specify 64-byte hexadecimal strings";
  std::string_view host, rest = text;
  if (const auto slash = text.find('/'); slash != text.npos) {
    const auto first = text.substr(0, slash);
    if (first.find_first_of(".:") != first.npos || first == "localhost" || to_lower_ascii(first) != first) {
      host = first;
      rest = text.substr(slash + 1);
    }
  }
  const bool hub = host.empty() || host == "docker.io" || host == "index.docker.io";
  const auto name = rest.substr(0, rest.find_first_of(":@"));
  const auto full = (hub && rest.find('/') == rest.npos ? "library/" : "") + std::string(name);
  if (to_lower_ascii(full) != full) return "invalid reference format: repository name (" + full + ") must be lowercase";
  auto suffix = rest.substr(name.size());
  if ((!host.empty() && !is_host(host)) || !is_repository(name)) return "invalid reference format";
  if (suffix.starts_with(':')) {
    const auto tag = suffix.substr(1, suffix.find('@') == suffix.npos ? suffix.npos : suffix.find('@') - 1);
    if (!is_tag(tag)) return "invalid reference format";
    suffix.remove_prefix(tag.size() + 1);
  }
  if (full.size() > 255) return "repository name must not be more than 255 characters";
  if (suffix.starts_with('@')) return digest_error(suffix.substr(1));
  return {};
}

std::string ImageReference::path() const {
  const bool official = registry.empty() && repository.find('/') == std::string::npos;
  return (official ? "library/" : "") + repository;
}

std::string ImageReference::canonical() const {
  return host() + '/' + path() + (digest.empty() ? ':' : '@') + tag_or_digest();
}

std::string_view ImageReference::distroless() const {
  constexpr std::string_view place = "distroless/";
  const bool is_one = registry == "gcr.io" && repository.starts_with(place);
  return is_one ? std::string_view(repository).substr(place.size()) : std::string_view();
}

bool ImageReference::names_windows() const {
  constexpr std::string_view of_tags[] = {"windows", "nanoserver", "servercore", "-sac20", "ltsc20"};
  constexpr std::string_view of_names[] = {"windows/", "dotnet/framework/", "nanoserver", "servercore"};
  const auto contains = [](std::string_view text) {
    return [text](std::string_view word) { return text.find(word) != text.npos; };
  };
  return std::ranges::any_of(of_tags, contains(tag)) || std::ranges::any_of(of_names, contains(repository));
}

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
  // The first component is a registry if it looks like a host.
  if (const auto first = text.find('/'); first != text.npos) {
    const auto host = text.substr(0, first);
    if (host.find_first_of(".:") != host.npos || host == "localhost" || to_lower_ascii(host) != host) {
      reference.registry = host;
      text.remove_prefix(first + 1);
    }
  }
  if (reference.registry == "docker.io" || reference.registry == "index.docker.io") reference.registry.clear();
  if (reference.registry.empty() && text.starts_with("library/")) text.remove_prefix(8);
  reference.repository = text;
  return reference;
}

}  // namespace dockhew::inline facts
