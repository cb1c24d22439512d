#include "ecosystems/smaller_forms.hpp"

#include <algorithm>

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view musl = "musl in place of glibc", bare = "no shell and no package manager";

std::string named(const Stage& stage, const std::string& tag) { return stage.reference.name() + ':' + tag; }

bool is_distribution(const ImageEntry& entry) { return entry.names[0] == entry.distribution; }

// `22-bookworm` becomes `22-alpine`, `8.3-fpm` becomes `8.3-fpm-alpine`, and no tag at all `alpine`.
std::string alpine_tag(const Stage& stage) {
  std::string tag;
  std::string_view rest = stage.reference.tag;
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find('-'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part == "slim" || part == "latest" || part == stage.image->release) continue;
    tag.append(part).append("-");
  }
  return tag + "alpine";
}

// https://github.com/GoogleContainerTools/distroless: of Python and Java the versions that Debian has.
std::string distroless(const ImageFacts& image) {
  const auto language = image.entry->language;
  const std::string version(image.version), major = version.substr(0, version.find('.'));
  const bool trixie = image.release == "trixie";
  const std::string debian = trixie ? "13" : "12";
  if (language == "node" && !major.empty()) return "nodejs" + major + "-debian" + debian;
  if (language == "java" && (major == "17" || major == "21")) return "java" + major + "-debian12";
  if (language == "java" && major == "25") return "java25-debian13";
  if (language == "python" && (version == "3.11" || version.starts_with("3.11."))) return "python3-debian12";
  if (language == "python" && (version == "3.13" || version.starts_with("3.13."))) return "python3-debian13";
  if (language == "go") return "base-debian" + debian;
  if (language == "rust" || language == "cpp") return "cc-debian" + debian;
  return {};
}

}  // namespace

std::vector<SmallerForm> smaller_forms(const Stage& stage) {
  const auto& image = stage.image;
  if (!image || image->entry == nullptr || image->only_configured || image->windows ||
      stage.reference.repository.empty())
    return {};
  const auto& distribution = image->distribution;
  if (!distribution.empty() && distribution != "debian" && distribution != "ubuntu") return {};
  std::vector<SmallerForm> forms;
  const auto& tag = stage.reference.tag;
  const bool by_digest = tag.empty() && !stage.reference.digest.empty();
  if (by_digest) return {};
  // Where a release is named too, publishers do not agree on what comes first.
  if (!image->slim && (is_distribution(*image->entry) || tag.find('-') == tag.npos))
    forms.push_back({named(stage, tag.empty() || tag == "latest" ? "slim" : tag + "-slim"), ""});
  if (!is_distribution(*image->entry)) forms.push_back({named(stage, alpine_tag(stage)), musl});
  if (auto name = distroless(*image); !name.empty()) forms.push_back({"gcr.io/distroless/" + name + ":latest", bare});
  return forms;
}

}  // namespace dockhew::inline ecosystems
