#include "ecosystems/system/apk_releases.hpp"

#include <string>

#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The release that the image is on; empty where that is not known. Others than Docker's own are called `alpine` too.
std::string alpine_release(const Stage& stage) {
  if (stage.image && !stage.image->release.empty())
    return stage.image->distribution == "alpine" ? stage.image->release : std::string();
  const auto& reference = stage.reference;
  return path_basename(reference.repository) == "alpine" ? reference.tag : std::string();
}

}  // namespace

// A tag of one number still moves. https://wiki.alpinelinux.org/wiki/Release_Notes_for_Alpine_3.3.0: "Support for
// --no-cache".
bool lacks_no_cache(const Dockerfile& file, const Stage& stage) {
  const auto release = alpine_release(*chain_of(file, stage).back());
  return version_numbers(release).size() > 1 && !version_at_least(release, "3.3");
}

}  // namespace dockhew::inline ecosystems
