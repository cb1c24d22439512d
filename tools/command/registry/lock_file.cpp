#include "registry/lock_file.hpp"

#include <algorithm>

#include "facts/image_files.hpp"
#include "registry/layer_files.hpp"
#include "text/json.hpp"

namespace dockhew::cli {
namespace {

constexpr int version_of_format = 1;

Json text_list(const std::vector<std::string>& texts) {
  auto list = Json::array();
  for (const auto& text : texts) list.push_back(text);
  return list;
}

std::vector<std::string> texts_at(const Json& json, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& element : json.elements_at(name))
    if (element.is_string()) texts.push_back(*element.string());
  return texts;
}

// What an image does not set is left out.
Json to_json(const BaseImage& image) {
  Json json = {{"platform", image.platform}};
  std::vector<std::string> environment;
  for (const auto& [name, value] : image.environment) environment.push_back(name + '=' + value);
  if (!image.user.empty()) json["user"] = image.user;
  if (!image.workdir.empty()) json["workdir"] = image.workdir;
  for (const auto& [name, words] :
       {std::pair<std::string_view, const std::vector<std::string>*>{"environment", &environment},
        {"entrypoint", &image.entrypoint},
        {"command", &image.command},
        {"shell", &image.shell},
        {"onbuild", &image.triggers}})
    if (!words->empty()) json[name] = text_list(*words);
  if (!image.release.empty()) json["release"] = image.distribution + ' ' + image.release;
  if (image.bytes > 0) json["bytes"] = image.bytes;
  if (image.files) json["files"] = json_of(*image.files);
  return json;
}

BaseImage image_of(const Json& json) {
  BaseImage image;
  image.platform = json.string_at("platform");
  image.user = json.string_at("user");
  image.workdir = json.string_at("workdir");
  for (const auto& line : texts_at(json, "environment"))
    if (const auto equals = line.find('='); equals != std::string::npos)
      image.environment.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  image.entrypoint = texts_at(json, "entrypoint");
  image.command = texts_at(json, "command");
  image.shell = texts_at(json, "shell");
  image.triggers = texts_at(json, "onbuild");
  if (const auto* files = json.find("files")) image.files = std::make_shared<const ImageFiles>(files_of(*files));
  image.bytes = std::max<std::int64_t>(json.integer_at("bytes"), 0);
  const auto release = json.string_at("release");
  if (const auto blank = release.find(' '); blank != std::string::npos) {
    image.distribution = release.substr(0, blank);
    image.release = release.substr(blank + 1);
  }
  return image;
}

// Null where what is locked decides nothing.
std::optional<ResolvedImage> answer_of(const LockedImage& locked, const std::string& platform) {
  ResolvedImage result;
  result.digest = locked.digest;
  result.platforms = locked.platforms;
  if (const auto found = locked.of_platforms.find(platform); found != locked.of_platforms.end()) {
    result.found = Found::image;
    result.image = found->second;
    return result;
  }
  const auto wanted = parse_platform(platform);
  const bool may_be_there = std::ranges::any_of(
      locked.platforms, [&](const std::string& text) { return runs_on(parse_platform(text), wanted); });
  if (locked.platforms.empty() || may_be_there) return std::nullopt;
  return without_platform(locked.digest, locked.platforms, platform);
}

}  // namespace

Outcome<LockedImages> read_lock(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed.error.empty()) return Declined{"this lock file cannot be read: " + parsed.error};
  if (parsed.value.integer_at("version") != version_of_format)
    return Declined{"this lock file has another version than 1, which is the only one that is known here"};
  LockedImages result;
  const auto* images = parsed.value.find("images");
  if (images == nullptr) return result;
  for (const auto& [name, json] : images->members()) {
    LockedImage image{json.string_at("digest"), texts_at(json, "platforms"), {}};
    if (!is_verifiable(image.digest)) return Declined{"this lock file has no digest for `" + name + "`"};
    if (const auto* configurations = json.find("configurations"))
      for (const auto& [platform, configuration] : configurations->members())
        image.of_platforms.emplace(platform, image_of(configuration));
    result.emplace(name, std::move(image));
  }
  return result;
}

std::string write_lock(const LockedImages& images) {
  Json all = Json::object();
  for (const auto& [name, image] : images) {
    Json entry = {{"digest", image.digest}};
    if (!image.platforms.empty()) entry["platforms"] = text_list(image.platforms);
    for (const auto& [platform, configuration] : image.of_platforms)
      entry["configurations"][platform] = to_json(configuration);
    all[name] = std::move(entry);
  }
  return Json{{"version", version_of_format}, {"images", std::move(all)}}.dump(2) + '\n';
}

bool LockedSource::known(const std::string& name) const {
  return images_.contains(name) && (use_ == LockUse::read || renewed_.contains(name));
}

ResolvedImage LockedSource::digest(const ImageReference& image) {
  const auto name = image.canonical();
  {
    const std::scoped_lock lock(mutex_);
    if (known(name)) return {Found::image, images_[name].digest, {}, {}, {}};
  }
  auto answer = source_.digest(image);
  if (answer.found != Found::image) return answer;
  const std::scoped_lock lock(mutex_);
  auto& locked = images_[name];
  if (locked.digest != answer.digest) locked = {answer.digest, {}, {}};
  renewed_[name] = true;
  return answer;
}

ResolvedImage LockedSource::image(const ImageReference& image, const std::string& platform) {
  const auto name = image.canonical();
  auto exact = image;
  std::optional<ResolvedImage> locked_before;  // all but what its files say
  {
    const std::scoped_lock lock(mutex_);
    if (known(name)) {
      if (auto answer = answer_of(images_[name], platform)) {
        const bool lacks_files = with_files_ && answer->found == Found::image && !answer->image.files;
        if (!with_files_) answer->image.files.reset();
        if (!lacks_files) return *std::move(answer);
        locked_before = *std::move(answer);
      }
      exact.digest = images_[name].digest;  // only its configuration is missing
    }
  }
  auto answer = source_.image(exact, platform);
  if (answer.found != Found::image && answer.found != Found::no_platform) {
    if (!locked_before) return answer;
    locked_before->reason = std::move(answer.reason);
    return *std::move(locked_before);
  }
  const std::scoped_lock lock(mutex_);
  auto& locked = images_[name];
  if (locked.digest != answer.digest) locked = {answer.digest, {}, {}};
  locked.platforms = answer.platforms;
  if (answer.found == Found::image) locked.of_platforms[platform] = answer.image;
  renewed_[name] = true;
  return answer;
}

}  // namespace dockhew::cli
