#include "facts/base_image.hpp"

#include "facts/facts.hpp"
#include "facts/image_files.hpp"
#include "facts/image_reference.hpp"

namespace dockhew::inline facts {
namespace {

std::string key_of(const ImageReference& reference, std::string_view platform) {
  return reference.canonical() + ' ' + std::string(platform);
}

// "1000:1000" and "app:staff" name a user and a group.
std::string user_of(const BaseImage& image) {
  const auto user = image.user.substr(0, image.user.find(':'));
  return user.empty() ? "root" : user;
}

}  // namespace

// Rows of the tables are views, so what they point to stands beside them.
struct ResolvedImages::Answer {
  ResolvedImage resolved;
  std::string name, user, workdir;
  std::string_view name_view;
  std::vector<std::pair<std::string_view, std::string_view>> environment, users;
  ImageEntry entry;
};

ResolvedImages::ResolvedImages() = default;
ResolvedImages::~ResolvedImages() = default;

void ResolvedImages::add(const ImageReference& reference, std::string_view platform, ResolvedImage resolved,
                         const ImageEntry* known) {
  auto answer = std::make_unique<Answer>();
  answer->resolved = std::move(resolved);
  const auto& image = answer->resolved.image;
  answer->user = user_of(image);
  answer->workdir = image.workdir.empty() ? "/" : image.workdir;
  std::map<std::string_view, std::string_view> sorted;  // the last of equal names counts
  for (const auto& [name, value] : image.environment) sorted[name] = value;
  answer->environment.assign(sorted.begin(), sorted.end());
  auto& entry = answer->entry;
  if (known != nullptr) {
    entry = *known;
  } else {
    answer->name = reference.name();
    answer->name_view = answer->name;
    entry.names = {&answer->name_view, 1};
    entry.codename_in_tag = false;
  }
  entry.user = answer->user;
  entry.workdir = answer->workdir;
  entry.environment = {answer->environment};
  entry.variables = {};
  if (image.files) {
    answer->users.assign(image.files->users.begin(), image.files->users.end());
    if (!answer->users.empty()) entry.users = {answer->users};
  }
  answers_[key_of(reference, platform)] = std::move(answer);
}

const ResolvedImages::Answer* ResolvedImages::answer(const ImageReference& reference, std::string_view platform) const {
  const auto found = answers_.find(key_of(reference, platform));
  return found == answers_.end() ? nullptr : found->second.get();
}

const ResolvedImage* ResolvedImages::find(const ImageReference& reference, std::string_view platform) const {
  const auto* found = answer(reference, platform);
  return found == nullptr ? nullptr : &found->resolved;
}

const ImageEntry* ResolvedImages::entry(const ImageReference& reference, std::string_view platform) const {
  const auto* found = answer(reference, platform);
  // What ONBUILD adds to a stage is not followed, so nothing of such an image is certain.
  const bool known =
      found != nullptr && found->resolved.found == Found::image && found->resolved.image.triggers.empty();
  return known ? &found->entry : nullptr;
}

std::string short_digest(std::string_view digest) {
  const auto colon = digest.find(':');
  return std::string(digest.substr(0, colon == digest.npos ? 12 : colon + 13));
}

}  // namespace dockhew::inline facts
