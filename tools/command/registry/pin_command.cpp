// dockhew pin: digests behind the tags of images, in Dockerfiles, Compose files and workflows; and whether those that
// are there are still what their tags stand for.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "commands.hpp"
#include "files.hpp"
#include "registry/named_images.hpp"
#include "registry/pins.hpp"
#include "report/text.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

struct Outcomes {
  bool failed = false, found = false;
};

std::vector<PinnedFile> read_files(const Options& options, const Inputs& inputs, const Facts& facts) {
  std::vector<PinnedFile> files;
  std::set<std::filesystem::path> seen;
  const auto add = [&](const std::string& path, bool dockerfile) {
    std::error_code error;
    if (path != "-" && !seen.insert(std::filesystem::weakly_canonical(path, error)).second) return;
    auto read = read_file(path);
    PinnedFile file{name_of(options, path), std::move(read.text), {}, std::move(read.error)};
    if (!file.error.empty()) {
      complain(path, file.error);
    } else if (dockerfile) {
      const Dockerfile read_file(file.text, facts, BuildContext());
      file.uses = image_uses(read_file);
      if (!options.apt_snapshot.empty()) file.snapshots = apt_snapshots(read_file, options.apt_snapshot);
    } else {
      auto named = named_images(path, file.text);
      file.uses = std::move(named.uses);
      file.error = std::move(named.error);
      if (!file.error.empty()) complain("", file.error);  // it has its place
    }
    files.push_back(std::move(file));
  };
  for (const auto& path : inputs.paths) add(path, true);
  for (const auto& path : inputs.build_files) add(path, false);
  return files;
}

// That an image has vanished is what `--check` looks for; whoever writes digests needed it.
Outcomes outcomes_of(const std::vector<Pin>& pins, PinWork work) {
  Outcomes outcomes;
  for (const auto& pin : pins) {
    const bool vanished = pin.state == PinState::vanished;
    outcomes.failed |= pin.state == PinState::no_answer || (vanished && work != PinWork::check);
    outcomes.found |= pin.state == PinState::stale || (vanished && work == PinWork::check);
  }
  return outcomes;
}

// What is wrong with a digest goes to standard output, because it was asked for; what gets none to standard error.
void say_problems(const Options& options, const PinnedFile& file, const std::vector<Pin>& pins) {
  const LineIndex lines(file.text);
  for (std::size_t i = 0; i < pins.size(); ++i) {
    if (pins[i].problem.empty()) continue;
    const auto place = file.path + ':' + std::to_string(lines.line(file.uses[i].place.begin));
    if (!options.check) {
      complain(place, pins[i].problem);
      continue;
    }
    const auto line = place + ": " + pins[i].problem;
    std::cout << (options.terminal ? escape_for_terminal(line) : line) << '\n';
  }
  for (const auto& [place, edit, problem] : file.snapshots)
    if (!problem.empty())
      complain(file.path + ':' + std::to_string(lines.line(place.begin)),
               (edit ? "APT gets a snapshot here: " : "APT gets no snapshot here: ") + problem);
}

// Writes the text; an error message for the user.
std::string write(const PinnedFile& file, const std::string& text) {
  const auto written = replace_file(file.path, file.text, text);
  if (!written.error.empty() || !written.note.empty())
    complain(file.path, written.error.empty() ? written.note : written.error);
  return written.error;
}

// Works on one file, and says what came of it: at once to people, or as what it returns to programs.
Json pin_file(Images& images, const Options& options, const PinnedFile& file, Outcomes& outcomes) {
  const auto pins = pins_of(images, file, work_of(options));
  const auto found = outcomes_of(pins, work_of(options));
  outcomes.failed |= found.failed;
  outcomes.found |= found.found;
  std::vector<TextEdit> edits;
  for (const auto& pin : pins)
    if (pin.edit) edits.push_back(*pin.edit);
  for (const auto& snapshot : file.snapshots)
    if (snapshot.edit) edits.push_back(*snapshot.edit);
  const auto text = apply_edits(file.text, std::move(edits));
  const bool changes = text != file.text, people = options.format == "text";
  if (people) say_problems(options, file, pins);
  auto error = file.error;
  if (changes && options.write) error = write(file, text);
  outcomes.failed |= !error.empty();
  outcomes.found |= changes && !options.write;
  if (!people) return json_of(file, pins, error, options.write && error.empty());
  if (changes && !options.write)
    std::cout << format_coloured_diff(file.path, file.text, text, options.colour ? Colours::ansi() : Colours::none(),
                                      options.terminal ? Escaping::on : Escaping::off);
  return {};
}

}  // namespace

int run_pin(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto work = work_of(options);
  const auto inputs = expand_paths(options);
  Outcomes outcomes{inputs.failed, false};
  const auto files = read_files(options, inputs, *facts);
  auto images = Images::open(options, work == PinWork::update ? LockUse::renewed : LockUse::read);
  if (!images) return complain(options.lock, images.reason()), exit_failed;
  (*images)->ask(questions_about(files, work));  // all at once, and below one by one from what is known
  auto reports = Json::array();
  for (const auto& file : files) reports.push_back(pin_file(**images, options, file, outcomes));
  if (const auto error = (*images)->save(); !error.empty()) {
    complain(options.lock, error);
    outcomes.failed = true;
  }
  if (options.format == "json") std::cout << Json{{"version", 1}, {"files", std::move(reports)}}.dump(2) << '\n';
  return outcomes.failed ? exit_failed : outcomes.found ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
