#include "registry/pins.hpp"

#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew::cli {
namespace {

ImageReference without_digest(ImageReference image) {
  image.digest.clear();
  return image;
}

// Whether this use is worked on. What has a digest and no tag follows nothing: only whether it is still there can be
// asked.
bool is_meant(const ImageUse& use, PinWork work) {
  const auto& image = use.reference;
  if (image.repository.empty() || !image_reference_error(use.text).empty()) return false;
  if (work == PinWork::check) return !image.digest.empty();
  if (!use.obstacle.empty()) return false;
  return image.digest.empty() || (work == PinWork::update && !image.tag.empty());
}

// What `--check` finds of a digest.
Pin checked(Images& images, const ImageUse& use) {
  const auto name = '`' + use.text + '`';
  const auto& digest = use.reference.digest;
  const auto own = images.ask({{use.reference, ""}})[0];
  if (own.found == Found::no_image) return {PinState::vanished, digest, name + " has vanished: " + own.reason, {}};
  const bool follows = !use.reference.tag.empty();
  const auto now = follows ? images.ask({{without_digest(use.reference), ""}})[0] : own;
  if (now.found == Found::no_answer || now.found == Found::no_platform)
    return {PinState::no_answer, digest, name + " could not be checked: " + now.reason, {}};
  if (now.found == Found::no_image)
    return {PinState::vanished, digest, "the tag of " + name + " has vanished: " + now.reason, {}};
  if (now.digest == digest) return {PinState::kept, digest, {}, {}};
  return {PinState::stale, now.digest, name + " is stale: the tag is now " + now.digest, {}};
}

Pin pin_of(Images& images, const PinnedFile& file, const ImageUse& use, PinWork work) {
  const auto name = '`' + use.text + '`';
  const auto& digest = use.reference.digest;
  if (!is_meant(use, work)) {
    if (work == PinWork::check) return {PinState::kept, digest, {}, {}};
    if (digest.empty()) return {PinState::left, {}, name + " gets no digest: " + use.obstacle, {}};
    if (work == PinWork::update && use.reference.tag.empty())
      return {PinState::left, digest, name + " is not updated: it has no tag that it could follow", {}};
    return {PinState::kept, digest, {}, {}};
  }
  if (work == PinWork::check) return checked(images, use);
  const auto answer = images.ask({{without_digest(use.reference), ""}})[0];
  if (answer.found != Found::image)
    return {answer.found == Found::no_image ? PinState::vanished : PinState::no_answer,
            digest,
            name + " gets no digest: " + answer.reason,
            {}};
  if (answer.digest == digest) return {PinState::kept, digest, {}, {}};
  return {digest.empty() ? PinState::pinned : PinState::moved,
          answer.digest,
          {},
          with_digest(file.text, use, answer.digest)};
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

PinWork work_of(const Options& options) {
  return options.check ? PinWork::check : options.update ? PinWork::update : PinWork::pin;
}

std::string_view to_string(PinState state) {
  switch (state) {
    case PinState::kept: return "kept";
    case PinState::pinned: return "pinned";
    case PinState::moved: return "moved";
    case PinState::left: return "left";
    case PinState::stale: return "stale";
    case PinState::vanished: return "vanished";
    case PinState::no_answer: return "no-answer";
  }
  return {};
}

std::vector<ImageQuestion> questions_about(const std::vector<PinnedFile>& files, PinWork work) {
  std::vector<ImageQuestion> questions;
  for (const auto& file : files)
    for (const auto& use : file.uses) {
      if (!is_meant(use, work)) continue;
      if (work != PinWork::check || !use.reference.tag.empty())
        questions.push_back({without_digest(use.reference), ""});
      if (work == PinWork::check) questions.push_back({use.reference, ""});
    }
  return questions;
}

std::vector<Pin> pins_of(Images& images, const PinnedFile& file, PinWork work) {
  std::vector<Pin> pins;
  for (const auto& use : file.uses) pins.push_back(pin_of(images, file, use, work));
  return pins;
}

Json json_of(const PinnedFile& file, const std::vector<Pin>& pins, const std::string& error, bool written) {
  auto errors = Json::array(), images = Json::array();
  if (!error.empty()) errors.push_back({{"message", error}});
  const LineIndex lines(file.text);
  for (std::size_t i = 0; i < pins.size(); ++i) {
    const auto& [use, pin] = std::tie(file.uses[i], pins[i]);
    const auto& image = use.reference;
    const bool named = !image.repository.empty();
    // The name itself, unless that is the default of an argument elsewhere.
    const bool here = use.place.begin <= use.written.begin && use.written.end <= use.place.end;
    const auto place = lines.position((here ? use.written : use.place).begin);
    images.push_back({{"use", to_string(use.kind)},
                      {"line", place.line},
                      {"column", place.column},
                      {"text", use.text},
                      {"image", named ? Json(image.host() + '/' + image.path()) : Json()},
                      {"tag", or_null(image.tag)},
                      {"before", or_null(image.digest)},
                      {"after", or_null(pin.digest)},
                      {"state", to_string(pin.state)},
                      {"written", written && pin.edit.has_value()},
                      {"problem", or_null(pin.problem)}});
  }
  auto snapshots = Json::array();
  for (const auto& [place, edit, problem] : file.snapshots)
    snapshots.push_back({{"line", lines.line(place.begin)},
                         {"state", !edit                ? (problem.empty() ? "kept" : "left")
                                   : edit->span.empty() ? "pinned"
                                                        : "moved"},
                         {"written", written && edit.has_value()},
                         {"problem", or_null(problem)}});
  return {{"path", file.path},
          {"errors", std::move(errors)},
          {"images", std::move(images)},
          {"snapshots", std::move(snapshots)}};
}

}  // namespace dockhew::cli
