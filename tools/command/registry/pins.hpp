// What becomes of each image that a file names: which digest it gets, or why none, and whether one that is there is
// still right. Decided here once, so that people and programs are told the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecosystems/system/apt_snapshot.hpp"
#include "options.hpp"
#include "registry/image_uses.hpp"
#include "registry/images.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// A file with the images that it names, or why it could not be read.
struct PinnedFile {
  std::string path, text;
  std::vector<ImageUse> uses;
  std::string error;
  std::vector<AptSnapshot> snapshots = {};  // where they are asked for
};

enum class PinWork : std::uint8_t { pin, update, check };
PinWork work_of(const Options& options);

enum class PinState : std::uint8_t {
  kept,       // as it should be, or nobody asked about it
  pinned,     // gets a digest
  moved,      // gets another one
  left,       // gets none, for a reason that no registry can do anything about
  stale,      // of --check: the tag stands for something else now
  vanished,   // the registry has no such image, or no such tag
  no_answer,  // that was needed
};
// As programs are told: "no-answer".
std::string_view to_string(PinState state);

struct Pin {
  PinState state = PinState::kept;
  std::string digest = {};   // what the tag stands for now, where that was asked; else the one that is there
  std::string problem = {};  // a sentence for people, in lower case and without a full stop: `x` gets no digest: …
  std::optional<TextEdit> edit = {};  // that writes the digest
};

// All that has to be asked, at once.
std::vector<ImageQuestion> questions_about(const std::vector<PinnedFile>& files, PinWork work);
// Of each use of the file, from what was asked.
std::vector<Pin> pins_of(Images& images, const PinnedFile& file, PinWork work);

// The file for programs (docs/output.md), with what could not be read or written. `written`: the edits were made.
Json json_of(const PinnedFile& file, const std::vector<Pin>& pins, const std::string& error, bool written);

}  // namespace dockhew::cli
