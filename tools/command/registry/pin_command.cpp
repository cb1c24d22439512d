// dockhew pin: digests behind the tags of images, in Dockerfiles, Compose files and workflows; and whether those that
// are there are still what their tags stand for.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "commands.hpp"
#include "files.hpp"
#include "registry/images.hpp"
#include "registry/named_images.hpp"
#include "report/text.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

// A file with the images that it names.
struct PinnedFile {
  std::string path, text;
  std::vector<ImageUse> uses;
};

enum class Work : std::uint8_t { pin, update, check };

struct Outcomes {
  bool failed = false, found = false;
};

Work work_of(const Options& options) { return options.check ? Work::check : options.update ? Work::update : Work::pin; }

std::string place_of_use(const PinnedFile& file, const LineIndex& lines, const ImageUse& use) {
  return file.path + ':' + std::to_string(lines.line(use.place.begin));
}

ImageReference without_digest(ImageReference image) {
  image.digest.clear();
  return image;
}

// Whether this use is worked on. What has a digest and no tag follows nothing: only whether it is still there can be
// asked.
bool is_meant(const ImageUse& use, Work work) {
  const auto& image = use.reference;
  if (image.repository.empty() || !image_reference_error(use.text).empty()) return false;
  if (work == Work::check) return !image.digest.empty();
  if (!use.obstacle.empty()) return false;
  return image.digest.empty() || (work == Work::update && !image.tag.empty());
}

void read_files(const Options& options, const Inputs& inputs, const Facts& facts, std::vector<PinnedFile>& files,
                Outcomes& outcomes) {
  std::set<std::filesystem::path> seen;
  const auto add = [&](const std::string& path, bool dockerfile) {
    std::error_code error;
    if (path != "-" && !seen.insert(std::filesystem::weakly_canonical(path, error)).second) return;
    auto read = read_file(path);
    PinnedFile file{name_of(options, path), std::move(read.text), {}};
    auto problem = std::move(read.error);
    if (problem.empty() && dockerfile) {
      file.uses = image_uses(Dockerfile(file.text, facts, BuildContext()));
    } else if (problem.empty()) {
      auto named = named_images(path, file.text);
      file.uses = std::move(named.uses);
      if (!named.error.empty()) complain("", named.error), outcomes.failed = true;
    }
    outcomes.failed |= !problem.empty();
    if (!problem.empty()) complain(path, problem);
    else files.push_back(std::move(file));
  };
  for (const auto& path : inputs.paths) add(path, true);
  for (const auto& path : inputs.build_files) add(path, false);
}

std::vector<ImageQuestion> questions_about(const std::vector<PinnedFile>& files, Work work) {
  std::vector<ImageQuestion> questions;
  for (const auto& file : files)
    for (const auto& use : file.uses) {
      if (!is_meant(use, work)) continue;
      if (work != Work::check || !use.reference.tag.empty()) questions.push_back({without_digest(use.reference), ""});
      if (work == Work::check) questions.push_back({use.reference, ""});
    }
  return questions;
}

// What `--check` says of one digest; empty where it is as it should be.
std::string stale(Images& images, const ImageUse& use, Outcomes& outcomes) {
  const auto own = images.ask({{use.reference, ""}})[0];
  if (own.found == Found::no_image) {
    outcomes.found = true;
    return "`" + use.text + "` has vanished: " + own.reason;
  }
  const bool follows = !use.reference.tag.empty();
  const auto now = follows ? images.ask({{without_digest(use.reference), ""}})[0] : own;
  if (now.found == Found::no_answer || now.found == Found::no_platform) {
    outcomes.failed = true;
    return "`" + use.text + "` could not be checked: " + now.reason;
  }
  if (now.found == Found::no_image) {
    outcomes.found = true;
    return "the tag of `" + use.text + "` has vanished: " + now.reason;
  }
  if (now.digest == use.reference.digest) return {};
  outcomes.found = true;
  return "`" + use.text + "` is stale: the tag is now " + now.digest;
}

void check_file(Images& images, const Options& options, const PinnedFile& file, Outcomes& outcomes) {
  const LineIndex lines(file.text);
  for (const auto& use : file.uses) {
    if (!is_meant(use, Work::check)) continue;
    const auto message = stale(images, use, outcomes);
    if (message.empty()) continue;
    const auto line = place_of_use(file, lines, use) + ": " + message;
    std::cout << (options.terminal ? escape_for_terminal(line) : line) << '\n';
  }
}

// The text with digests. What gets none is said.
std::string pinned_text(Images& images, const PinnedFile& file, Work work, Outcomes& outcomes) {
  const LineIndex lines(file.text);
  std::vector<TextEdit> edits;
  for (const auto& use : file.uses) {
    const auto place = place_of_use(file, lines, use);
    if (!use.obstacle.empty() && use.reference.digest.empty())
      complain(place, "`" + use.text + "` gets no digest: " + use.obstacle);
    if (work == Work::update && !use.reference.digest.empty() && use.reference.tag.empty())
      complain(place, "`" + use.text + "` is not updated: it has no tag that it could follow");
    if (!is_meant(use, work)) continue;
    const auto answer = images.ask({{without_digest(use.reference), ""}})[0];
    if (answer.found != Found::image) {
      complain(place, "`" + use.text + "` gets no digest: " + answer.reason);
      outcomes.failed = true;
    } else if (answer.digest != use.reference.digest) {
      edits.push_back(with_digest(file.text, use, answer.digest));
    }
  }
  return apply_edits(file.text, std::move(edits));
}

void pin_file(Images& images, const Options& options, const PinnedFile& file, Outcomes& outcomes) {
  const auto text = pinned_text(images, file, work_of(options), outcomes);
  if (text == file.text) return;
  if (!options.write) {
    outcomes.found = true;
    std::cout << format_coloured_diff(file.path, file.text, text, options.colour ? Colours::ansi() : Colours::none(),
                                      options.terminal ? Escaping::on : Escaping::off);
    return;
  }
  const auto written = replace_file(file.path, file.text, text);
  outcomes.failed |= !written.error.empty();
  if (!written.error.empty() || !written.note.empty())
    complain(file.path, written.error.empty() ? written.note : written.error);
}

}  // namespace

int run_pin(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto work = work_of(options);
  const auto inputs = expand_paths(options);
  Outcomes outcomes{inputs.failed, false};
  std::vector<PinnedFile> files;
  read_files(options, inputs, *facts, files, outcomes);
  auto images = Images::open(options, work == Work::update ? LockUse::renewed : LockUse::read);
  if (!images) return complain(options.lock, images.reason()), exit_failed;
  (*images)->ask(questions_about(files, work));  // all at once, and below one by one from what is known
  for (const auto& file : files) {
    if (work == Work::check) check_file(**images, options, file, outcomes);
    else pin_file(**images, options, file, outcomes);
  }
  if (const auto error = (*images)->save(); !error.empty()) {
    complain(options.lock, error);
    outcomes.failed = true;
  }
  return outcomes.failed ? exit_failed : outcomes.found ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
